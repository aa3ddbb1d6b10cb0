import { compareAddresses } from '../address';
import type { Address } from '../address';
import type { Connection } from './flowState';
import type { Side } from './nat';

/**
 * Which address of a range NAT takes: find_best_ips_proto (net/netfilter/nf_nat_core.c) hashes the
 * source and, unless persistent, the destination of the tuple. As a little-endian kernel computes it.
 */
export function addressInRange(
  { reply }: Connection,
  side: Side,
  from: Address,
  to: Address,
  persistent: boolean,
): Address {
  // An address that is in the range already stays (nf_in_range), as the source of a connection does.
  const source = reply.destination;
  if (side === 'source' && between(source, from, to)) return source;
  const destination = reply.source;
  const words = [0, 1, 2, 3].map((i) => swap(source.words[i] ?? 0));
  const last = destination.words.length - 1;
  let hash = jhash2(words, persistent ? 0 : swap(destination.words[last]!));
  let full = false;
  const chosen = from.words.map((low, i) => {
    const high = full ? 0xffffffff : to.words[i]!;
    const start = full ? 0 : low;
    const value = (start + scale(hash, high - start + 1)) >>> 0;
    if (value !== to.words[i]) full = true;
    if (!persistent) hash = (hash ^ swap(destination.words[i] ?? 0)) >>> 0;
    return value;
  });
  return { family: from.family, words: chosen };
}

function between(address: Address, from: Address, to: Address): boolean {
  return compareAddresses(address, from) >= 0 && compareAddresses(address, to) <= 0;
}

/** reciprocal_scale: the upper half of a 32 by 32 bit product. */
function scale(hash: number, count: number): number {
  return Number((BigInt(hash) * BigInt(count)) >> 32n);
}

/** Network order, read as a little-endian number. */
function swap(word: number): number {
  return ((word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24)) >>> 0;
}

/** include/linux/jhash.h, for four words. */
function jhash2(words: readonly number[], initial: number): number {
  let a = (0xdeadbeef + (words.length << 2) + initial) >>> 0;
  let b = a;
  let c = a;
  a = (a + words[0]!) >>> 0;
  b = (b + words[1]!) >>> 0;
  c = (c + words[2]!) >>> 0;
  [a, b, c] = mix(a, b, c);
  a = (a + words[3]!) >>> 0;
  return final(a, b, c);
}

function rotate(word: number, bits: number): number {
  return ((word << bits) | (word >>> (32 - bits))) >>> 0;
}

function mix(x: number, y: number, z: number): [number, number, number] {
  let [a, b, c] = [x, y, z];
  a = ((a - c) ^ rotate(c, 4)) >>> 0;
  c = (c + b) >>> 0;
  b = ((b - a) ^ rotate(a, 6)) >>> 0;
  a = (a + c) >>> 0;
  c = ((c - b) ^ rotate(b, 8)) >>> 0;
  b = (b + a) >>> 0;
  a = ((a - c) ^ rotate(c, 16)) >>> 0;
  c = (c + b) >>> 0;
  b = ((b - a) ^ rotate(a, 19)) >>> 0;
  a = (a + c) >>> 0;
  c = ((c - b) ^ rotate(b, 4)) >>> 0;
  b = (b + a) >>> 0;
  return [a, b, c];
}

function final(x: number, y: number, z: number): number {
  let [a, b, c] = [x, y, z];
  c = ((c ^ b) - rotate(b, 14)) >>> 0;
  a = ((a ^ c) - rotate(c, 11)) >>> 0;
  b = ((b ^ a) - rotate(a, 25)) >>> 0;
  c = ((c ^ b) - rotate(b, 16)) >>> 0;
  a = ((a ^ c) - rotate(c, 4)) >>> 0;
  b = ((b ^ a) - rotate(a, 14)) >>> 0;
  return ((c ^ b) - rotate(b, 24)) >>> 0;
}
