import type { Address } from '../address';
import { isAvailable } from './availability';
import type { Limits } from './availability';
import { hsiphash } from './hsiphash';

/** A real server as the hash tables see it. */
export interface HashServer extends Limits {
  readonly address: Address;
  readonly port: number;
  /** Before it was set to 0: mh goes on by it. */
  readonly formerWeight?: number;
}

/** What is hashed of a packet; the port is 0 without the flags sh-port and mh-port. */
export interface HashKey {
  readonly address: Address;
  readonly port: number;
}

/** IPv6 addresses are folded to 32 bits: `addr->ip6[0] ^ ... ^ addr->ip6[3]`, in network order. */
function fold({ words }: Address): number {
  return words.reduce((all, word) => (all ^ word) >>> 0, 0);
}

/** include/linux/hash.h, hash_32 with GOLDEN_RATIO_32. */
function hash32(value: number, bits: number): number {
  return Math.imul(value, 0x61c88647) >>> (32 - bits);
}

const bits = 8;
const size = 1 << bits;

/** ip_vs_sh_reassign: buckets in turn, each server as many as its weight, at least one. */
export function sourceHashTable<T extends HashServer>(servers: readonly T[]): readonly T[] {
  const buckets: T[] = [];
  if (servers.length === 0) return buckets;
  for (let at = 0, count = 0; buckets.length < size;) {
    const server = servers[at]!;
    buckets.push(server);
    if (++count >= server.weight) {
      at = (at + 1) % servers.length;
      count = 0;
    }
  }
  return buckets;
}

/** ip_vs_sh_get and, with the flag sh-fallback, ip_vs_sh_get_fallback (net/netfilter/ipvs/ip_vs_sh.c). */
export function sourceHash<T extends HashServer>(
  servers: readonly T[],
  { address, port }: HashKey,
  fallback: boolean,
): T | undefined {
  const table = sourceHashTable(servers);
  const hash = hash32(fold(address) + port, bits);
  const first = table[hash];
  if (!first || isAvailable(first)) return first;
  if (!fallback) return undefined;
  for (let offset = 0; offset < size; offset++) {
    const next = table[(offset + hash + hash) % size]!;
    if (isAvailable(next)) return next;
  }
  return undefined;
}

/** ip_vs_dh_get (ip_vs_dh.c): by the virtual address alone, the servers in turn, also those of weight 0. */
export function destinationHash<T extends HashServer>(
  servers: readonly T[],
  address: Address,
): T | undefined {
  return servers[hash32(fold(address), bits) % servers.length];
}

/** CONFIG_IP_VS_MH_TAB_INDEX is 12 by default: a prime of 4093 places, weights of up to 6 bits. */
const maglevSize = 4093;
const maglevBits = 6;
const maglevKeys = [2654435761n, 2654446892n] as const;

function maglevHash({ address, port }: HashKey, which: 0 | 1, offset = 0): number {
  return hsiphash((offset + port + fold(address)) >>> 0, maglevKeys[which]);
}

/**
 * ip_vs_mh_permutate and ip_vs_mh_populate (ip_vs_mh.c): each server has an order of its own through
 * the table, and takes its next free place when its turn comes. Empty without any weight.
 */
export function maglevTable<T extends HashServer>(servers: readonly T[]): readonly T[] {
  const weights = servers.map(({ weight, formerWeight }) => weight || (formerWeight ?? 0));
  if (!weights.some((weight) => weight > 0)) return [];
  const turns = maglevTurns(weights);
  // Of many servers only the first ones get a turn.
  const place: number[] = [];
  const skip: number[] = [];
  const table = new Array<T | undefined>(maglevSize).fill(undefined);
  for (let filled = 0, at = 0; ; at = (at + 1) % servers.length) {
    for (let turn = 0; turn < turns[at]!; turn++) {
      place[at] ??= maglevHash(servers[at]!, 0) % maglevSize;
      skip[at] ??= (maglevHash(servers[at]!, 1) % (maglevSize - 1)) + 1;
      while (table[place[at]!] !== undefined) place[at] = (place[at]! + skip[at]!) % maglevSize;
      table[place[at]!] = servers[at];
      if (++filled === maglevSize) return table as T[];
    }
  }
}

/** ip_vs_mh_gcd_weight and ip_vs_mh_shift_weight: weights, not all 0, cut to at most six bits. */
function maglevTurns(weights: readonly number[]): readonly number[] {
  const gcd = weights.filter((weight) => weight > 0).reduce(greatestCommonDivisor, 0);
  const largest = Math.floor(weights.reduce((so, weight) => Math.max(so, weight), 0) / gcd);
  const shift = Math.max(0, 32 - Math.clz32(largest) - maglevBits);
  return weights.map((weight) => Math.floor(weight / gcd) >> shift || (weight > 0 ? 1 : 0));
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}

/** ip_vs_mh_get and ip_vs_mh_get_fallback. */
export function maglev<T extends HashServer>(
  servers: readonly T[],
  key: HashKey,
  fallback: boolean,
): T | undefined {
  const table = maglevTable(servers);
  const hash = maglevHash(key, 0) % maglevSize;
  const first = table[hash];
  if (!first || isAvailable(first)) return first;
  if (!fallback) return undefined;
  for (let offset = 0; offset < maglevSize; offset++) {
    const next = table[maglevHash(key, 0, (offset + hash) % maglevSize) % maglevSize]!;
    if (isAvailable(next)) return next;
  }
  return undefined;
}
