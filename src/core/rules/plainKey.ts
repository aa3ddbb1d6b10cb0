import { addressKey, type Address } from '../address';

/** A single value of a key: a number (of IPv4 the address itself), or an address of IPv6. */
export type PlainPart = number | Address;

/** One key of single values, to be compared as a whole: `184549386|6|53`. */
export type PlainKey = string | number;

/** The key that keyIndex.ts looks up for values that are not masked. */
export function plainKeyOf(parts: readonly PlainPart[]): PlainKey {
  const keys = parts.map((part) => (typeof part === 'number' ? part : addressKey(part)));
  return keys.length === 1 ? keys[0]! : keys.join('|');
}
