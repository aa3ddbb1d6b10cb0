import { compareAddresses, sameAddress } from '../../address';
import type { Address } from '../../address';
import { final, mix, scale } from './jenkins';
import type { Connection } from '../conntrack/flowState';
import type { Side } from './nat';
import { zoneNumber } from '../conntrack/zone';

/**
 * Which address of a range NAT takes: find_best_ips_proto (net/netfilter/nf_nat_core.c) hashes the
 * source and, unless persistent, the destination of the tuple and the zone. As a little-endian kernel
 * computes it.
 */
export function addressInRange(
  { reply, zone }: Connection,
  side: Side,
  from: Address,
  to: Address,
  persistent: boolean,
): Address {
  if (sameAddress(from, to) || compareAddresses(from, to) > 0) return from;
  const source = reply.destination;
  const destination = reply.source;
  const words = [0, 1, 2, 3].map((i) => swap(source.words[i] ?? 0));
  const last = destination.words.length - 1;
  let hash = jhash2(words, persistent ? 0 : swap(destination.words[last]!) ^ zoneNumber(zone));
  let full = false;
  const chosen = from.words.map((low, i) => {
    const value = full
      ? scale(hash, 0xffffffff)
      : (low + scale(hash, to.words[i]! - low + 1)) >>> 0;
    if (value !== to.words[i]) full = true;
    // The tuple is written word by word, so that a new destination is hashed as far as it is chosen.
    const hashed = side === 'destination' ? value : (destination.words[i] ?? 0);
    if (!persistent) hash = (hash ^ swap(hashed)) >>> 0;
    return value;
  });
  return { family: from.family, words: chosen };
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
