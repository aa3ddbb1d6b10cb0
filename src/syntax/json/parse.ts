import type { Work } from '../../core/work';
import { memberEnd, skipBlanks, stringEnd } from './scan';

/** Characters that JSON.parse takes at once: a millisecond or two. */
export const charactersAtOnce = 65_536;

/** Objects of the API nest about ten deep. What is long and further in than this is parsed in one piece. */
const deepest = 20;

interface Read<T = unknown> {
  readonly value: T;
  /** Behind it. */
  readonly end: number;
}

/**
 * What JSON.parse gives, by pieces: a list of many megabytes would keep the extension host busy for a tenth of
 * a second and more. Long arrays and objects are cut between their members.
 *
 * @param atOnce the longest piece, in characters, but for a single string that is longer
 * @returns undefined where the text is no JSON
 */
export function* parseJson(text: string, atOnce = charactersAtOnce): Work<unknown> {
  if (text.length <= atOnce) return parsed(text);
  const from = skipBlanks(text, 0);
  if (!isOpening(text[from])) return parsed(text);
  const read = yield* members(text, from, atOnce, deepest);
  return read && skipBlanks(text, read.end) === text.length ? read.value : undefined;
}

/** The same of one member of a longer text, which begins at `from`; undefined where it is broken. */
export function* parseJsonAt(text: string, from: number): Work<Read | undefined> {
  const end = memberEnd(text, from, from + charactersAtOnce);
  return end < 0
    ? yield* longValue(text, from, charactersAtOnce, deepest)
    : parsedUntil(text, from, end);
}

/** What JSON.parse says against a text; undefined of one that is too long to ask it in one piece. */
export function jsonError(text: string): Error | undefined {
  if (text.length > charactersAtOnce) return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error as SyntaxError;
  }
}

/** The array or object that opens at `from`; undefined where it is broken. */
function* members(
  text: string,
  from: number,
  atOnce: number,
  levels: number,
): Work<Read | undefined> {
  const isList = text[from] === '[';
  const [opening, closing] = isList ? '[]' : '{}';
  const list: unknown[] = [];
  const pairs: [string, unknown][] = [];
  for (let begin = from + 1; ;) {
    const short = membersEnd(text, begin, begin + atOnce);
    let end = short;
    if (short >= 0) {
      const some = parsed(`${opening}${text.slice(begin, short)}${closing}`);
      if (Array.isArray(some)) for (const item of some as readonly unknown[]) list.push(item);
      else if (some) for (const pair of Object.entries(some)) pairs.push(pair);
      else return undefined;
    } else {
      const key = isList ? undefined : keyAt(text, begin);
      const start = isList ? begin : key?.end;
      const read = start === undefined ? undefined : yield* longValue(text, start, atOnce, levels);
      if (!read) return undefined;
      if (key) pairs.push([key.value, read.value]);
      else list.push(read.value);
      end = read.end;
    }
    const at = skipBlanks(text, end);
    const isEmpty = skipBlanks(text, begin) === at;
    if (isEmpty && (text[at] !== closing || begin > from + 1)) return undefined;
    // Object.fromEntries makes `__proto__` a property like any other, as JSON.parse does.
    if (text[at] === closing)
      return { value: isList ? list : Object.fromEntries(pairs), end: at + 1 };
    if (text[at] !== ',') return undefined;
    begin = at + 1;
    yield;
  }
}

/** Where the last of the members ends that end before `most`; -1 where the first does not. */
function membersEnd(text: string, from: number, most: number): number {
  let end = memberEnd(text, from, most);
  for (let next = end; next >= 0;) {
    end = next;
    const at = skipBlanks(text, end);
    next = text[at] === ',' ? memberEnd(text, at + 1, most) : -1;
  }
  return end;
}

function keyAt(text: string, from: number): Read<string> | undefined {
  const start = skipBlanks(text, from);
  const end = text[start] === '"' ? stringEnd(text, start + 1) : -1;
  const value = end < 0 ? undefined : parsed(text.slice(start, end + 1));
  const colon = skipBlanks(text, end + 1);
  return typeof value === 'string' && text[colon] === ':' ? { value, end: colon + 1 } : undefined;
}

function* longValue(
  text: string,
  from: number,
  atOnce: number,
  levels: number,
): Work<Read | undefined> {
  const start = skipBlanks(text, from);
  if (levels > 0 && isOpening(text[start])) return yield* members(text, start, atOnce, levels - 1);
  return parsedUntil(text, start, memberEnd(text, start));
}

/** @param end -1 where the member does not end */
function parsedUntil(text: string, from: number, end: number): Read | undefined {
  const value = end < 0 ? undefined : parsed(text.slice(from, end));
  return value === undefined ? undefined : { value, end };
}

function isOpening(character: string | undefined): boolean {
  return character === '[' || character === '{';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
