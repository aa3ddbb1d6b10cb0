import * as l10n from '@vscode/l10n';
import type { YAMLException } from 'js-yaml';
import { itemsAtOnce, type Work } from '../../core/work';
import type { Finding } from '../../core/finding';
import { parseJson } from '../json/parse';
import { yamlPieces } from './documents';
import { fields, list, text as textOf } from './fields';
import type { LoadYaml } from './readObject';

/** An object of a text, as it stands there: a document, or an item of a list. */
export interface ObjectValue {
  readonly value: unknown;
  /** `ServiceList`, of what stands in it: items need not name a kind themselves. */
  readonly listKind?: string | undefined;
  /** The line on which it begins, from 0; JSON tells none. */
  readonly line?: number;
}

/** Who takes the objects of a text. */
export interface Taker {
  /** Whether objects of a kind are taken: YAML of others is not even loaded, of which one may be megabytes. */
  readonly isWanted: (kind: string) => boolean;
  readonly take: (object: ObjectValue) => void;
}

/** In block style nothing within a value stands at the beginning of a line. */
const kindLine = /^kind: ([A-Za-z]+)$/m;

/** Characters of YAML that are loaded between two pauses: some milliseconds. */
const charactersAtOnce = 32_768;

/**
 * Goes over the objects of a text one by one: YAML or JSON, documents, lists, arrays. Lists in lists are none,
 * and may hold themselves. A document or an item that is broken costs itself, JSON that is broken all that it has.
 *
 * @returns what is broken
 */
export function* eachObject(
  text: string,
  source: string,
  load: LoadYaml,
  { isWanted, take }: Taker,
): Work<readonly Finding[]> {
  if (!/^\s*[[{]/.test(text)) return yield* eachOfYaml(text, source, load, { isWanted, take });
  const value = yield* parseJson(text);
  if (value === undefined) {
    const message = l10n.t`This JSON ends in the middle or is broken: none of its objects could be read.`;
    return [problem(message, source, 0)];
  }
  let count = 0;
  for (const object of objectsIn(value)) {
    take(object);
    if (++count % itemsAtOnce === 0) yield;
  }
  return [];
}

function* eachOfYaml(
  text: string,
  source: string,
  load: LoadYaml,
  { isWanted, take }: Taker,
): Work<readonly Finding[]> {
  const findings: Finding[] = [];
  /** Items whose kind only the list around them can tell, which comes after them. */
  const waiting: ObjectValue[] = [];
  let loaded = 0;
  for (const { role, text: own, line } of yamlPieces(text)) {
    const named = role === 'list' ? undefined : kindLine.exec(own)?.[1];
    if (named !== undefined && !named.endsWith('List') && !isWanted(named)) continue;
    const value = readYaml(own, load, { source, line, findings });
    const kind = textOf(fields(value)['kind']);
    if (role === 'item' && kind === undefined) waiting.push({ value, line });
    else for (const object of objectsIn(value)) take({ ...object, line });
    if (role === 'list') for (const item of waiting.splice(0)) take({ ...item, listKind: kind });
    loaded += own.length;
    if (loaded < charactersAtOnce) continue;
    yield;
    loaded = 0;
  }
  return findings;
}

function* objectsIn(value: unknown): Iterable<ObjectValue> {
  for (const document of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
    const listKind = textOf(fields(document)['kind']);
    if (listKind?.endsWith('List') !== true) yield { value: document };
    else for (const item of list(fields(document)['items'])) yield { value: item, listKind };
  }
}

/** @param at where the text begins, and what is said of a broken one */
function readYaml(
  text: string,
  load: LoadYaml,
  at: { readonly source: string; readonly line: number; readonly findings: Finding[] },
): unknown {
  try {
    return load(text);
  } catch (error) {
    const { reason, message: told, mark } = error as Partial<YAMLException>;
    const message = l10n.t`This object could not be read as YAML, it is left out: ${reason ?? told ?? String(error)}.`;
    at.findings.push(problem(message, at.source, at.line + (mark?.line ?? 0)));
    return undefined;
  }
}

function problem(message: string, source: string, line: number): Finding {
  const range = { source, line, start: 0, end: 0 };
  return { severity: 'error', code: 'bad-object', message, range };
}
