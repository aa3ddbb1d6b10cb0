import type { Work } from '../../../core/work';
import { isRecord } from '../../../core/record';
import type { Json } from './value';

const head = /^\s*\{\s*"nftables"\s*:\s*\[/;

/** Characters that are gone over between two pauses: some milliseconds. */
const charactersAtOnce = 65_536;

/**
 * Goes over the objects of `{"nftables": [{...}, {...}]}` one by one: JSON.parse of a big ruleset as a
 * whole would keep the extension host busy for a tenth of a second and more.
 *
 * @returns false where the text is no such JSON, or not whole; some of its objects were taken then
 */
export function* eachListed(text: string, take: (object: Json) => void): Work<boolean> {
  let at = head.exec(text)?.[0].length;
  if (at === undefined) return false;
  let paused = at;
  for (let first = true; ; first = false) {
    at = skipBlanks(text, at);
    if (text.charCodeAt(at) === closingBracket) break;
    if (!first && text.charCodeAt(at++) !== comma) return false;
    const end = valueEnd(text, at);
    if (end - paused > charactersAtOnce) {
      yield;
      paused = at;
    }
    const object = end < 0 ? undefined : yield* parsedInPieces(text.slice(at, end));
    if (object === undefined) return false;
    take(object);
    at = end;
  }
  at = skipBlanks(text, at + 1);
  return text.charCodeAt(at) === closingBrace && skipBlanks(text, at + 1) === text.length;
}

/** `{"set": {..., "elem": [...]}}` of thousands of elements is parsed some of them at a time. */
function* parsedInPieces(text: string): Work<Json | undefined> {
  if (text.length <= charactersAtOnce) return parsed(text);
  // Within a string the quotes would have backslashes before them.
  const key = /"elem"\s*:\s*\[/.exec(text);
  const from = key ? key.index + key[0].length : -1;
  const elements = from < 0 ? undefined : yield* itemsFrom(text, from);
  if (!elements) return parsed(text);
  const rest = parsed(text.slice(0, from) + text.slice(elements.end - 1));
  if (!isRecord(rest)) return parsed(text);
  const [kind] = Object.keys(rest);
  const set = kind === undefined ? undefined : rest[kind];
  if (kind === undefined || !isRecord(set) || !Array.isArray(set.elem)) return parsed(text);
  return { [kind]: { ...set, elem: elements.items } };
}

interface Items {
  readonly items: readonly Json[];
  /** Behind the closing bracket. */
  readonly end: number;
}

/** What an array holds that has its first item at `from`; undefined where it is no such array. */
function* itemsFrom(text: string, from: number): Work<Items | undefined> {
  const items: Json[] = [];
  for (let begin = from, at = from; ; at++) {
    const end = valueEnd(text, at);
    if (end < 0) return undefined;
    at = skipBlanks(text, end);
    const code = text.charCodeAt(at);
    if (code !== comma && code !== closingBracket) return undefined;
    if (code === comma && at - begin < charactersAtOnce) continue;
    const some = parsed(`[${text.slice(begin, at)}]`);
    if (!Array.isArray(some) || (some.length === 0 && items.length > 0)) return undefined;
    for (const one of some) items.push(one);
    if (code === closingBracket) return { items, end: at + 1 };
    begin = at + 1;
    yield;
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const [quote, comma, backslash] = [34, 44, 92];
const [openingBracket, closingBracket, openingBrace, closingBrace] = [91, 93, 123, 125];

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return at;
}

/** Where the value ends that begins at `from` or behind blanks; -1 where it does not. */
function valueEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = stringEnd(text, at + 1);
      if (at < 0) return -1;
    } else if (depth === 0 && (code === comma || code === closingBracket)) return at;
    else if (code === openingBrace || code === openingBracket) depth++;
    else if ((code === closingBrace || code === closingBracket) && --depth <= 0) return at + 1;
  }
  return -1;
}

/** The place of the quote that ends a string. */
function stringEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (before >= from && text.charCodeAt(before) === backslash) before--;
    if ((at - before) % 2 === 1) return at;
  }
  return -1;
}
