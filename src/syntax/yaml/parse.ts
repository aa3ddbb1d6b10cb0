import * as l10n from '@vscode/l10n';
import {
  Composer,
  CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  Parser,
  visit,
  type Alias,
  type Document,
  type Node,
} from 'yaml';
import { isMerge, mergedMaps, mergesWithin, targetOf } from './merge';
import type { Anchors, ParsedMap } from './merge';
import { finish } from '../../core/work';
import type { OffsetRange, YamlMap, YamlNode, YamlPair, YamlScalar } from '../../core/yamlNode';
import { append } from '../../core/append';

/*
 * The one importer of the yaml package: load this file by `await import()` where it is first needed.
 */

/** What is wrong with a document. Its text may be read all the same, as far as it goes. */
export interface YamlProblem {
  readonly severity: 'error' | 'warning';
  /** Of the yaml package (`BAD_INDENT`, `TAB_AS_INDENT`, `BAD_ALIAS`), or `DUPLICATE_KEY`, `TOO_DEEP`. */
  readonly code: string;
  /** One English sentence. */
  readonly message: string;
  readonly range: OffsetRange;
}

/** Where a parsed text stands: what to add to its offsets, one place for all of it, or each by itself. */
export type Placement = number | OffsetRange | ((start: number, end: number) => OffsetRange);

/** One document, parsed. */
export interface ParsedYaml {
  /** undefined for a document without content. */
  root(place: Placement): YamlNode | undefined;
  problems(place: Placement): readonly YamlProblem[];
  /** Whether nothing is wrong with it but warnings and duplicate keys. */
  readonly intact: boolean;
}

/** An item of a long list, or a document that is none. */
export interface YamlItems {
  /** `ServiceList`. */
  readonly kind: string | undefined;
  /** Where each item stands, without its dash. `indent` blanks before it make it a document. */
  readonly items: readonly (OffsetRange & { readonly indent: number })[];
}

/** Keys are compared by `survey`: the package's own check takes the square of their number. */
const options = { prettyErrors: false, uniqueKeys: false, stringKeys: true } as const;

/** Parses one document (see splitDocuments), JSON too. Never throws. */
export function parseYaml(text: string): ParsedYaml {
  const found = finish(tokensOf(text));
  if (!found) return tooDeep;
  const [document] = new Composer(options).compose(found.tokens, true, text.length);
  return parsed(document!);
}

/** Lexemes between two looks at the clock of whoever runs the generator. */
const lexemesAtOnce = 500;

/** The package goes down by recursion, and V8 ends the process that has no stack left for a RegExp. */
const deepest = 500;

interface Tokens {
  readonly tokens: readonly CST.Token[];
  readonly aliases: boolean;
}

/**
 * undefined where collections are nested too deeply.
 *
 * @param watch is shown the collections that are open after each lexeme, the outermost first
 */
function* tokensOf(
  text: string,
  watch?: (open: readonly CST.Token[]) => void,
): Generator<undefined, Tokens | undefined> {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  let before = '';
  let aliases = false;
  for (const lexeme of new Lexer().lex(text)) {
    aliases ||= lexeme.startsWith('*') && before !== CST.SCALAR;
    before = lexeme;
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > deepest) return undefined;
    watch?.(parser.stack);
    if (++count % lexemesAtOnce === 0) yield;
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens, aliases };
}

const tooDeep = refused('TOO_DEEP', l10n.t`This document is nested too deeply to be read.`);

const tooManyMerges = refused(
  'TOO_MANY_MERGES',
  l10n.t`The merge keys (<<) of this document repeat too much to be read.`,
);

/** A document that is not read at all. */
function refused(code: string, message: string): ParsedYaml {
  return {
    root: () => undefined,
    problems: (placement) => [{ severity: 'error', code, message, range: placed(0, 0, placement) }],
    intact: false,
  };
}

function parsed(document: Document.Parsed): ParsedYaml {
  const { doubled, lost, anchors, maps } = survey(document);
  if (!mergesWithin(maps, anchors)) return tooManyMerges;
  return {
    root: (placement) =>
      document.contents
        ? lower(document.contents, { anchors, placement, pairs: new Map() })
        : undefined,
    problems: (placement) => [
      ...document.errors.map((problem) => problemOf('error', problem, placement)),
      ...document.warnings.map((problem) => problemOf('warning', problem, placement)),
      ...doubled.map((key): YamlProblem => {
        const message = l10n.t`The key ${key.value} stands here twice: the later one counts.`;
        return {
          severity: 'error',
          code: 'DUPLICATE_KEY',
          message,
          range: rangeOf(key, placement),
        };
      }),
      ...lost.map((alias): YamlProblem => {
        const message = l10n.t`No anchor ${alias.source} stands before this alias.`;
        const range = rangeOf(alias, placement);
        return { severity: 'error', code: 'BAD_ALIAS', message, range };
      }),
    ],
    intact: document.errors.length + lost.length === 0,
  };
}

function problemOf(
  severity: YamlProblem['severity'],
  { code, message, pos }: Document.Parsed['errors'][number] | Document.Parsed['warnings'][number],
  placement: Placement,
): YamlProblem {
  const range = placed(pos[0], pos[1], placement);
  return { severity, code, message: `${message}.`.replace(/\.\.$/, '.'), range };
}

type Key = Node & { readonly value: string };

interface Survey {
  readonly doubled: readonly Key[];
  /** Those whose anchor stands nowhere before them: `kubectl` refuses the document. */
  readonly lost: readonly Alias[];
  readonly anchors: Anchors;
  readonly maps: readonly ParsedMap[];
}

function survey(document: Document.Parsed): Survey {
  const doubled: Key[] = [];
  const lost: Alias[] = [];
  const maps: ParsedMap[] = [];
  const anchors = new Map<string, Node[]>();
  const visitNode = (_: unknown, node: Node & { anchor?: string }) => {
    if (node.anchor === undefined) return;
    append(anchors, node.anchor, node);
  };
  visit(document, {
    Scalar: visitNode,
    Alias(_, alias) {
      if (!anchors.has(alias.source)) lost.push(alias);
    },
    Seq: visitNode,
    Map(_, node) {
      visitNode(_, node);
      maps.push(node as ParsedMap);
      const seen = new Set<string>();
      for (const { key } of node.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name) && name !== '<<') doubled.push(key as Key);
        seen.add(name);
      }
    },
  });
  return { doubled, lost, anchors, maps };
}

/** What lowering a node needs of its document. */
interface LoweringContext {
  readonly anchors: Anchors;
  readonly placement: Placement;
  /** What was read of maps, since others may merge them; undefined while that goes on. */
  readonly pairs: Map<ParsedMap, readonly YamlPair[] | undefined>;
}

function rangeOf({ range }: Node, placement: Placement): OffsetRange {
  const [start, end] = range ?? [0, 0];
  return placed(start, end, placement);
}

function placed(start: number, end: number, placement: Placement): OffsetRange {
  if (typeof placement === 'function') return placement(start, end);
  if (typeof placement !== 'number') return placement;
  return { start: start + placement, end: end + placement };
}

/** @param own where the node stands; an alias' value stands where the alias does. */
function lower(node: Node, place: LoweringContext, own?: OffsetRange): YamlNode {
  const range = own ?? rangeOf(node, place.placement);
  if (isAlias(node)) {
    const target = targetOf(node, place.anchors);
    return target ? lower(target, place, range) : scalar(null, range, 'plain');
  }
  if (isMap(node)) return lowerMap(node as ParsedMap, place, range);
  if (isSeq(node)) {
    let items: readonly YamlNode[] | undefined;
    return {
      kind: 'list',
      range,
      get items() {
        return (items ??= (node.items as Node[]).map((item) => lower(item, place)));
      },
    };
  }
  const { value, type } = node as { value: unknown; type?: string };
  const style = type?.startsWith('BLOCK')
    ? 'block'
    : type?.startsWith('QUOTE')
      ? 'quoted'
      : 'plain';
  return scalar(value, range, style);
}

function scalar(value: unknown, range: OffsetRange, style: YamlScalar['style']): YamlScalar {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return { kind: 'scalar', range, value, style };
    default:
      return { kind: 'scalar', range, value: null, style };
  }
}

function lowerMap(map: ParsedMap, place: LoweringContext, range: OffsetRange): YamlMap {
  return {
    kind: 'map',
    range,
    get pairs() {
      return pairsOf(map, place);
    },
  };
}

/** A map that a hostile document merges into itself brings nothing there. */
function pairsOf(map: ParsedMap, place: LoweringContext): readonly YamlPair[] {
  if (place.pairs.has(map)) return place.pairs.get(map) ?? [];
  place.pairs.set(map, undefined);
  const pairs = readPairs(map, place);
  place.pairs.set(map, pairs);
  return pairs;
}

function readPairs(map: ParsedMap, place: LoweringContext): readonly YamlPair[] {
  const own: YamlPair[] = [];
  const merged: (readonly YamlPair[])[] = [];
  for (const pair of map.items) {
    if (!isScalar(pair.key)) continue;
    if (isMerge(pair)) {
      for (const source of mergedMaps(pair, place.anchors)) merged.push(pairsOf(source, place));
      continue;
    }
    const key = String(pair.key.value);
    const keyRange = rangeOf(pair.key, place.placement);
    const end = { start: keyRange.end, end: keyRange.end };
    const value = pair.value ? lower(pair.value, place) : scalar(null, end, 'plain');
    own.push({ key, keyRange, value });
  }
  const names = new Set(own.map(({ key }) => key));
  for (const pair of merged.flat()) {
    if (names.has(pair.key)) continue;
    names.add(pair.key);
    own.push(pair);
  }
  return own;
}

/**
 * Finds the items of a long list (`kind: List`) so that each can be parsed for itself: parsing takes
 * about half a second per megabyte, here with yields in between, and no more memory than an item
 * needs. undefined for a document that is no list, is broken, or has aliases, which may lead from one
 * item into another.
 */
export function* findItems(text: string): Generator<undefined, YamlItems | undefined> {
  const found: OffsetRange[] = [];
  const take = (list: List, count: number) => {
    for (let i = found.length; i < count; i++) {
      const item = list.items[i]!;
      // Before a flow list is closed, its values stand where those of a map have their keys.
      const value = item.value ?? item.key;
      const next = list.items[i + 1];
      const end = next?.start[0]?.offset ?? (next?.value ?? next?.key)?.offset;
      const from = value?.offset ?? 0;
      const length = value && end === undefined ? CST.stringify(value).length : 0;
      found.push({ start: from, end: value ? (end ?? from + length) : from });
      list.items[i] = { start: [] };
    }
  };
  let seen: List | undefined;
  const result = yield* tokensOf(text, ([, root, list]) => {
    if (!isList(list) || !isCollection(root)) return;
    if (list !== seen && textOf(root.items.at(-1)?.key) !== 'items') return;
    if (seen === undefined || list === seen) take((seen = list), list.items.length - 1);
  });
  if (!result || result.aliases) return undefined;
  const { tokens } = result;
  const documents = tokens.filter((token) => token.type === 'document');
  const root = documents.length === 1 ? documents[0]!.value : undefined;
  if (tokens.some(({ type }) => type === 'error') || !isCollection(root)) return undefined;
  const field = (name: string) =>
    root.items.findLast(({ key }) => CST.isScalar(key ?? null) && textOf(key) === name)?.value;
  const list = field('items');
  if (!isList(list) || list !== (seen ?? list)) return undefined;
  take(list, list.items.length);
  // A list in brackets may stand on one line (`jq -c`), and what is in it needs no indentation.
  const isBlock = list.type === 'block-seq';
  return {
    kind: textOf(field('kind')),
    items: found
      .filter(({ start, end }) => end > start)
      .map((item) => ({ ...item, indent: isBlock ? indentOf(text, item.start) : 0 })),
  };
}

type List = CST.BlockSequence | CST.FlowCollection;
type Collection = CST.BlockMap | List;

function isList(token: CST.Token | undefined): token is List {
  if (token?.type === 'flow-collection') return token.start.type === 'flow-seq-start';
  return token?.type === 'block-seq';
}

function isCollection(token: CST.Token | undefined): token is Collection {
  return (
    token?.type === 'block-map' || token?.type === 'block-seq' || token?.type === 'flow-collection'
  );
}

function textOf(token: CST.Token | null | undefined): string | undefined {
  return CST.resolveAsScalar(token ?? null)?.value;
}

/** The column at which an item begins: as many blanks let its further lines stand as they are. */
function indentOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}
