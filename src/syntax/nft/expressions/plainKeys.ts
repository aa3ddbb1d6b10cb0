import { parseAddress } from '../../../core/address';
import { plainKeyOf, type PlainPart } from '../../../core/rules/plainKey';
import { numberOf } from '../text/reader';
import { namedNumber } from '../values/names';

/** Types of parts whose single values are told without reading the element. */
const readers: ReadonlyMap<string, (word: string) => PlainPart | undefined> = new Map([
  ['ipv4_addr', ipv4],
  ['ipv6_addr', ipv6],
  ['inet_proto', (word) => numberOf(word) ?? namedNumber('inet_proto', word)],
  ['inet_service', decimal],
  ['mark', numberOf],
]);

/** Whether keys of these types may be told so. */
export function arePlain(types: readonly (string | undefined)[]): types is readonly string[] {
  return types.length > 0 && types.every((type) => type !== undefined && readers.has(type));
}

/** Of each part of a key the length of its address in bits, or undefined for a number. */
export function plainLengths(types: readonly string[]): (32 | 128 | undefined)[] {
  return types.map((type) => (type === 'ipv4_addr' ? 32 : type === 'ipv6_addr' ? 128 : undefined));
}

/**
 * The keys of the elements on one line of `elements = { ... }`, where each is a single value:
 * `10.96.0.10 . tcp . 53 comment "dns" : goto service-...,`. No element is made, so that a map of
 * 100,000 of them is looked up in without 100,000 objects.
 *
 * @param from where the first element begins
 * @returns undefined where one is an interval, a prefix, `*`, or goes over the end of the line
 */
export function plainKeysOn(
  text: string,
  from: number,
  types: readonly string[],
): readonly (string | number)[] | undefined {
  const keys: (string | number)[] = [];
  for (let at = from; ;) {
    while (at < text.length && isBetween(text.charCodeAt(at))) at++;
    if (at === text.length || text.charCodeAt(at) === closing) return keys;
    const parts: PlainPart[] = [];
    for (const [i, type] of types.entries()) {
      const end = wordEnd(text, at);
      const part = readers.get(type)!(text.slice(at, end));
      if (part === undefined) return undefined;
      parts.push(part);
      at = skipBlanks(text, end);
      if (i === types.length - 1) break;
      if (text.charCodeAt(at) !== dot) return undefined;
      at = skipBlanks(text, at + 1);
    }
    if (text.charCodeAt(at) === dot) return undefined;
    keys.push(plainKeyOf(parts));
    at = elementEnd(text, at);
    if (at < 0) return undefined;
  }
}

const [comma, closing, dot, quote, opening] = [44, 125, 46, 34, 123] as const;

function isBetween(code: number): boolean {
  return code <= 32 || code === comma;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return at;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 32 || code === comma || code === closing || code === opening) break;
  }
  return at;
}

/** The comma or brace behind an element, or the line's end behind one; -1 where that is not told. */
function elementEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === comma || code === closing) return at;
    if (code === opening) return -1;
    if (code === quote) {
      at = text.indexOf('"', at + 1);
      if (at < 0) return -1;
    }
  }
  return -1;
}

/** Four numbers of one to three digits; anything else is left to who reads addresses. */
function ipv4(word: string): number | undefined {
  let [address, number, digits, dots] = [0, 0, 0, 0];
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i);
    if (code === dot) {
      if (digits === 0 || ++dots > 3) return undefined;
      address = address * 256 + number;
      [number, digits] = [0, 0];
      continue;
    }
    if (code < 48 || code > 57 || ++digits > 3) return undefined;
    number = number * 10 + code - 48;
    if (number > 255) return undefined;
  }
  return dots === 3 && digits > 0 ? address * 256 + number : undefined;
}

function ipv6(word: string): PlainPart | undefined {
  const address = parseAddress(word);
  return address?.family === 6 ? address : undefined;
}

function decimal(word: string): number | undefined {
  return /^\d{1,5}$/.test(word) ? Number(word) : undefined;
}
