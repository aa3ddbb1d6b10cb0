import { isRecord } from '../../../core/record';
import * as l10n from '@vscode/l10n';
import type { Finding } from '../../../core/finding';
import type { BaseDeclaration, ChainType, Hook } from '../../../core/rules/baseChain';
import { nftRule } from '../../../core/rules/rule';
import type {
  Chain,
  NamedObject,
  NftRuleset,
  Rule,
  Table,
  TableFamily,
} from '../../../core/rules/ruleset';
import type { TableSet } from '../../../core/rules/set';
import type { Statement } from '../../../core/rules/statement';
import type { SourceRange } from '../../../core/source';
import { finish, type Work } from '../../../core/work';
import { isOfDevices } from '../ruleset/base';
import { eachPlace } from '../ruleset/eachPlace';
import { typeNamed } from '../ruleset/set';
import { jsonCounters, jsonElements } from './expression';
import { eachListed } from './listed';
import { jsonStatement } from './statement';
import {
  listOf,
  numberAt,
  objectAt,
  scalarText,
  textOf,
  type Json,
  type JsonObject,
} from './value';

/**
 * What `nft -j list ...` printed: the same ruleset as from its text, but for places in the text, which
 * JSON does not tell; everything stands on its first line.
 */
export function* readNftJson(source: string, text: string): Work<NftRuleset> {
  const range: SourceRange = { source, line: 0, start: 0, end: 0 };
  const drafts = new Map<string, Draft>();
  const whole = yield* eachListed(text, (object) => addListed(drafts, object, range));
  if (!whole && text.trim() !== '') {
    const message = l10n.t`This is no complete output of nft -j: it is not valid JSON.`;
    const finding: Finding = { severity: 'error', code: 'nft-json-unreadable', message, range };
    return { source, tables: [], complete: false, findings: [finding] };
  }
  const tables: Table[] = [];
  for (const draft of drafts.values()) {
    yield;
    tables.push(yield* readTable(draft, range));
  }
  return {
    source,
    tables,
    complete: tables.length > 1 || source.includes('ruleset'),
    findings: [],
  };
}

/** The same of a whole text at once. */
export function nftJsonRuleset(source: string, text: string): NftRuleset {
  return finish(readNftJson(source, text));
}

/** `{"chain": {"family": "ip", "table": "t", "name": "c"}}`. */
function addListed(drafts: Map<string, Draft>, object: Json, range: SourceRange): void {
  if (!isRecord(object)) return;
  const [kind] = Object.keys(object);
  const value = kind === undefined ? undefined : object[kind];
  if (kind === undefined || kind === 'metainfo' || !isRecord(value)) return;
  const name = textOf(kind === 'table' ? value.name : value.table);
  if (name !== undefined) add(draftOf(drafts, value, name), kind, value, range);
}

interface Draft {
  readonly family: TableFamily;
  readonly name: string;
  about: JsonObject;
  readonly chains: Map<string, { about: JsonObject; readonly rules: JsonObject[] }>;
  readonly sets: Map<string, TableSet>;
  readonly objects: NamedObject[];
}

function draftOf(drafts: Map<string, Draft>, value: JsonObject, name: string): Draft {
  const family = (textOf(value.family) ?? 'ip') as TableFamily;
  const key = `${family} ${name}`;
  const draft: Draft = drafts.get(key) ?? {
    ...{ family, name, about: {}, chains: new Map(), sets: new Map(), objects: [] },
  };
  drafts.set(key, draft);
  return draft;
}

function add(draft: Draft, kind: string, value: JsonObject, range: SourceRange): void {
  const name = textOf(value.name) ?? '';
  if (kind === 'table') draft.about = value;
  else if (kind === 'chain') chainOf(draft, name).about = value;
  else if (kind === 'rule') chainOf(draft, textOf(value.chain) ?? '').rules.push(value);
  else if (kind === 'set' || kind === 'map') draft.sets.set(name, setOf(kind, name, value, range));
  else if (kind !== 'element') draft.objects.push(objectOf(kind, name, value, range, draft.family));
}

function chainOf(draft: Draft, name: string): { about: JsonObject; readonly rules: JsonObject[] } {
  const chain = draft.chains.get(name) ?? { about: {}, rules: [] };
  draft.chains.set(name, chain);
  return chain;
}

/** `type` names the type of a key, or its parts; `typeof` of new versions is an expression. */
function typeNames(value: Json | undefined): { readonly name: string }[] {
  const concat = isRecord(value) && Array.isArray(value.typeof) ? value.typeof : undefined;
  return listOf((concat as Json) ?? value).flatMap((type) =>
    (scalarText(type) ?? '').split(' . ').map((name) => ({ name })),
  );
}

function setOf(kind: 'set' | 'map', name: string, value: JsonObject, range: SourceRange): TableSet {
  const key = typeNames(value.type);
  const data = value.map === undefined ? undefined : typeNames(value.map);
  const types = { key: key.map(typeNamed), data: data?.map(typeNamed) };
  const [timeout, size, handle] = ['timeout', 'size', 'handle'].map((field) =>
    numberAt(value, field),
  );
  const comment = textOf(value.comment);
  return {
    ...{ kind, name, key, flags: listOf(value.flags).map((flag) => textOf(flag) ?? '') },
    ...(data && { data }),
    ...(timeout !== undefined && { timeout }),
    ...(size !== undefined && { size }),
    ...(comment !== undefined && { comment }),
    ...(handle !== undefined && { handle }),
    elements: jsonElements(listOf(value.elem), types, range),
    ...{ complete: true, declared: range },
  };
}

function objectOf(
  kind: string,
  name: string,
  value: JsonObject,
  range: SourceRange,
  family: TableFamily,
): NamedObject {
  const about = { kind, name, declared: range };
  if (kind === 'counter') return { ...about, counters: jsonCounters(value) };
  if (kind !== 'quota' && kind !== 'limit') return about;
  const written = kind === 'quota' ? { ...value, val: value.bytes ?? null } : value;
  return { ...about, statement: jsonStatement({ [kind]: written }, range, family) };
}

function* readTable(
  { family, name, about, chains, sets, objects }: Draft,
  range: SourceRange,
): Work<Table> {
  const handle = numberAt(about, 'handle');
  const comment = textOf(about.comment);
  const gaps = [...chains].flatMap(([chain, { about, rules }]) =>
    lacksDevices(about) && (rules.length > 0 || about.policy === 'drop')
      ? [{ text: withoutDevices(chain, family, name), range }]
      : [],
  );
  return {
    ...{ family, name, sets, objects, declared: range, complete: true },
    ...(gaps.length > 0 && { gaps }),
    ...(listOf(about.flags).includes('dormant') && { dormant: true }),
    ...(comment !== undefined && { comment }),
    ...(handle !== undefined && { handle }),
    chains: yield* eachPlace(chains, (chain, key) => jsonChain(name, key, chain, family, range)),
  };
}

/** nft 1.0.6 does not tell in JSON which devices a chain at ingress or egress is for. */
function lacksDevices({ hook, dev }: JsonObject): boolean {
  return typeof hook === 'string' && isOfDevices(hook) && dev === undefined;
}

function withoutDevices(chain: string, family: TableFamily, table: string): string {
  return l10n.t`chain ${chain} of ${family} ${table}, whose devices this JSON does not tell, lets it pass`;
}

function jsonChain(
  table: string,
  name: string,
  { about, rules }: { readonly about: JsonObject; readonly rules: readonly JsonObject[] },
  family: TableFamily,
  range: SourceRange,
): Chain {
  const decoded: (Rule | undefined)[] = [];
  const base = lacksDevices(about) ? undefined : baseOf(about);
  const handle = numberAt(about, 'handle');
  const comment = textOf(about.comment);
  return {
    ...{ table, name, declared: range, length: rules.length },
    ...(base && { base }),
    ...(comment !== undefined && { comment }),
    ...(handle !== undefined && { handle }),
    rule: (i) => (decoded[i] ??= jsonRule(rules[i], i, family, range)),
    candidates: () => rules.keys(),
  };
}

/** iptables-nft's comment, which always matches and whose text nft does not tell. */
function isXtComment(statement: Json): boolean {
  const xt = objectAt(statement, 'xt');
  return xt?.type === 'match' && xt.name === 'comment';
}

function baseOf(about: JsonObject): BaseDeclaration | undefined {
  const [type, hook, priority] = [textOf(about.type), textOf(about.hook), numberAt(about, 'prio')];
  if (type === undefined || hook === undefined || priority === undefined) return undefined;
  const devices = listOf(about.dev).flatMap((device) => textOf(device) ?? []);
  return {
    ...{ hook: hook as Hook, priority, type: type as ChainType },
    policy: (textOf(about.policy) ?? 'accept').toUpperCase(),
    ...(devices.length > 0 && { devices }),
  };
}

function jsonRule(
  rule: JsonObject | undefined,
  i: number,
  family: TableFamily,
  range: SourceRange,
): Rule {
  const comment = textOf(rule?.comment);
  const statements: Statement[] = listOf(rule?.expr)
    .filter((one) => !isXtComment(one))
    .map((one) => jsonStatement(one, range, family));
  if (comment !== undefined) statements.push({ kind: 'comment', text: comment, range });
  const counter = statements.find((one) => one.kind === 'counter' && one.counters);
  const counters = counter?.kind === 'counter' ? counter.counters : undefined;
  const handle = rule && numberAt(rule, 'handle');
  return nftRule({
    ...{ number: i + 1, range, statements, findings: [] },
    ...(counters && { counters }),
    ...(handle !== undefined && { handle }),
  });
}
