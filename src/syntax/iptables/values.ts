import { parseAddress } from '../../core/address';
import { protocolNumber } from '../../core/protocol';
import type { AddressInterval } from '../../core/rules/match';
import type { Interval } from '../../core/rules/optionValue';
import { portNumber } from '../portNames';

/** Readers of single values: undefined for text that is none, never an exception. */

/** `16384`, `0x4000`, `040000`: as strtoul does with base 0 (xtables_strtoui). 32 bits. */
export function parseNumber(text: string): number | undefined {
  if (!/^(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.test(text)) return undefined;
  const value = Number(/^0[0-7]/.test(text) ? `0o${text}` : text);
  return value <= 0xffffffff ? value : undefined;
}

/** `0x4000/0xc000`; without a mask, all bits of `full` are asked. */
export function parseMasked(
  text: string,
  full = 0xffffffff,
): { readonly value: number; readonly mask: number } | undefined {
  const slash = text.indexOf('/');
  const value = parseNumber(slash < 0 ? text : text.slice(0, slash));
  const mask = slash < 0 ? full : parseNumber(text.slice(slash + 1));
  return value === undefined || mask === undefined ? undefined : { value, mask };
}

/** `80`, `30000:32767`, `:1023`, `1024:`, `http`. */
export function parsePorts(text: string): Interval | undefined {
  return parseInterval(text, ':', 65535, portNumber);
}

/** Two numbers with `separator` between them; an end left out is 0 or `most`. */
export function parseInterval(
  text: string,
  separator: ':' | '-',
  most: number,
  read: (text: string) => number | undefined = parseNumber,
): Interval | undefined {
  const at = text.indexOf(separator);
  if (at < 0) {
    const single = read(text);
    return single !== undefined && single <= most ? { from: single, to: single } : undefined;
  }
  const from = at === 0 ? 0 : read(text.slice(0, at));
  const to = at === text.length - 1 ? most : read(text.slice(at + 1));
  if (from === undefined || to === undefined || from > most || to > most) return undefined;
  return { from, to };
}

/** `10.0.0.1-10.0.0.9`; one address is a range of itself. */
export function parseAddressRange(text: string): AddressInterval | undefined {
  const dash = text.indexOf('-');
  const from = parseAddress(dash < 0 ? text : text.slice(0, dash));
  const to = dash < 0 ? from : parseAddress(text.slice(dash + 1));
  return from && to && from.family === to.family ? { from, to } : undefined;
}

/** `tcp`, `6`, `all`. */
export function parseProtocol(text: string): number | undefined {
  const number = parseNumber(text);
  if (number !== undefined) return number <= 255 ? number : undefined;
  return protocolNumber(text);
}

/** `NEW,ESTABLISHED`: words out of `known`, in any case of letters. */
export function parseWords<T extends string>(
  text: string,
  known: readonly T[],
): readonly T[] | undefined {
  const words: T[] = [];
  for (const part of text.split(',')) {
    const word = known.find((name) => name === part.toUpperCase());
    if (word === undefined) return undefined;
    words.push(word);
  }
  return words;
}

/** `eth+` */
export function parseInterface(text: string): {
  readonly name: string;
  readonly wildcard: boolean;
} {
  return text.endsWith('+')
    ? { name: text.slice(0, -1), wildcard: true }
    : { name: text, wildcard: false };
}

/** `dst,src` */
export function parseDirections(text: string): readonly ('src' | 'dst')[] | undefined {
  const directions = text.split(',');
  const known = directions.every((part) => part === 'src' || part === 'dst');
  return known ? (directions as ('src' | 'dst')[]) : undefined;
}
