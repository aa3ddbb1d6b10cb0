import { stringAt, type OffsetRange, type YamlMap, type YamlNode } from '../../core/yamlNode';
import type * as Parser from './parse';
import type { ParsedYaml, YamlItems, YamlProblem } from './parse';
import { splitDocuments } from './split';

/** A Kubernetes object in a text of YAML or JSON: a document, or an item of a list. */
export interface YamlObject {
  /** Of the document or the item; all offsets of its nodes are offsets of the whole text. */
  readonly range: OffsetRange;
  readonly kind: string;
  /** undefined where it says none, as items of a `ServiceList`. */
  readonly apiVersion: string | undefined;
  readonly root: YamlMap;
  /** Of its document. */
  readonly problems: readonly YamlProblem[];
  /** False for a document that is broken: what `root` has may lack the rest. Duplicate keys don't break it. */
  readonly intact: boolean;
  /** The number of its document in the text, from 0: an item shares its list's. */
  readonly document: number;
}

/** Longer documents are looked through for a list first, whose items are parsed one by one. */
const longDocument = 32_000;

/** etcd takes no object above 1.5 MB: what is longer, and no list, would only stop the editor. */
const longestDocument = 2_000_000;

/** A parsed object takes about twenty times the memory of its text. */
const longestList = 8_000_000;

/** Documents that are not of interest between two yields. */
const passedOver = 50;

/**
 * Reads the objects of some kinds from texts that are edited: what did not change since the last
 * text is not parsed again. One reader for each open document; a reader is used for one text at a time.
 *
 * ```ts
 * const reader = objectReader(await import('../syntax/yaml/parse'), ['Service']);
 * const objects = await runInSlices(reader(document.getText()), token);
 * ```
 *
 * @param kinds such as `Service`: documents that don't name one of them are not even parsed
 * @returns a generator that yields now and then, for the caller to give way to other work; the
 *   objects are in the list it is given as soon as they are read
 */
export function objectReader(
  yaml: Pick<typeof Parser, 'parseYaml' | 'findItems'>,
  kinds: readonly string[],
): (text: string, objects?: YamlObject[]) => Generator<undefined, YamlObject[]> {
  let kept = new Map<string, ParsedYaml | YamlItems>();
  const mentions = mentionOf(kinds);
  const wanted = new Set(kinds);

  return function* read(text, objects = []) {
    const now: typeof kept = new Map();
    const parse = (part: string): ParsedYaml => {
      const held = now.get(part) ?? kept.get(part);
      const parsed = held && 'root' in held ? held : yaml.parseYaml(part);
      now.set(part, parsed);
      return parsed;
    };
    const add = (found: readonly YamlObject[]) => {
      for (const object of found) if (wanted.has(object.kind)) objects.push(object);
    };
    for (const [document, range] of splitDocuments(text).entries()) {
      if (document % passedOver === 0) yield;
      const part = text.slice(range.start, range.end);
      if (part.length > longestList || !mentions.test(part)) continue;
      const items = yield* itemsOf(part, now);
      if (!items) {
        if (part.length > longestDocument) continue;
        const known = now.has(part) || kept.has(part);
        add(objectsIn(parse(part), range, range.start, document));
        if (!known) yield;
        continue;
      }
      for (const item of items.items) {
        const own = part.slice(item.start, item.end);
        if (!mentions.test(own) && !wanted.has(itemKind(items.kind) ?? '')) continue;
        const base = range.start + item.start - item.indent;
        const place = { start: range.start + item.start, end: range.start + item.end };
        const parsed = parse(' '.repeat(item.indent) + own);
        add(objectsIn(parsed, place, base, document, items.kind));
        yield;
      }
    }
    kept = now;
    return objects;
  };

  function* itemsOf(part: string, now: typeof kept): Generator<undefined, YamlItems | undefined> {
    if (part.length < longDocument) return undefined;
    const held = kept.get(part);
    if (held && 'root' in held) return undefined;
    const items = held ?? (yield* yaml.findItems(part));
    if (items) now.set(part, items);
    return items;
  }
}

/**
 * Tells apart quickly, and with room for error to the safe side, what may hold one of the kinds:
 * `kind: Service`, `"kind": "ServiceList"`, and what only the parser can tell. Items of a `List` name their kind.
 */
export function mentionOf(kinds: readonly string[]): RegExp {
  return new RegExp(
    `\\bkind["']?\\s*:\\s*(?:["']?(?:(?:${kinds.join('|')})(?:List)?)\\b|[*&!|>#])`,
  );
}

function itemKind(list: string | undefined): string | undefined {
  const kind = list?.replace(/List$/, '');
  return kind === '' ? undefined : kind;
}

function objectsIn(
  parsed: ParsedYaml,
  range: OffsetRange,
  base: number,
  document: number,
  list?: string,
): YamlObject[] {
  const { intact } = parsed;
  let problems: readonly YamlProblem[] | undefined;
  const objectOf = (root: YamlNode, place: OffsetRange, within?: string): YamlObject[] => {
    const kind = stringAt(root, 'kind') ?? itemKind(within);
    if (root.kind !== 'map' || kind === undefined) return [];
    const items = kind.endsWith('List') ? root.pairs.find(({ key }) => key === 'items') : undefined;
    if (items?.value.kind === 'list') {
      return items.value.items.flatMap((item) => objectOf(item, item.range, kind));
    }
    return [
      {
        range: place,
        kind,
        apiVersion: stringAt(root, 'apiVersion'),
        root,
        get problems() {
          return (problems ??= parsed.problems(base));
        },
        intact,
        document,
      },
    ];
  };
  const root = parsed.root(base);
  return root ? objectOf(root, range, list) : [];
}
