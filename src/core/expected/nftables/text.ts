import { addressBits, formatAddress, parseAddress, prefixLength, prefixMask } from '../../address';
import type { Address, Family, Network } from '../../address';
import type { LocalTraffic } from '../localTraffic';

/** `ip` and `ip6`, as nft names the header's fields. */
export function ip(family: Family): string {
  return family === 4 ? 'ip' : 'ip6';
}

/** `ip saddr 10.244.0.0/16`, `iifname != "veth*"`; undefined where nothing tells pods. */
export function localMatch(traffic: LocalTraffic, is: boolean, family: Family): string | undefined {
  const not = is ? '' : '!= ';
  switch (traffic.kind) {
    case 'network':
      return `${ip(family)} saddr ${not}${plain(traffic.network)}`;
    case 'device':
      return `iifname ${not}"${traffic.name}${traffic.prefix ? '*' : ''}"`;
    case 'none':
      return undefined;
  }
}

/** nft leaves the length of a single address out. */
function plain(network: string): string {
  return network.replace(network.includes(':') ? /\/128$/ : /\/32$/, '');
}

/** `0x00004000`. */
export function mark(bit: number): string {
  return `0x${(2 ** bit).toString(16).padStart(8, '0')}`;
}

/** `3h`, `1d2h30s`, as nft prints a time of seconds. */
export function duration(seconds: number): string {
  const parts: readonly (readonly [unit: string, length: number])[] = [
    ['d', 86400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ];
  let left = seconds;
  let text = '';
  for (const [unit, length] of parts) {
    const count = Math.floor(left / length);
    if (count > 0) text += `${count}${unit}`;
    left %= length;
  }
  return text === '' ? '0s' : text;
}

/**
 * Networks as nft lists them: one alone, several as a set, in order, with those that touch or overlap
 * put together.
 */
export function networkSet(networks: readonly Network[]): string {
  const [first] = networks;
  if (networks.length === 1)
    return plain(`${formatAddress(first!.address)}/${prefixLength(first!)}`);
  const ranges = networks
    .map(rangeOf)
    .sort((left, right) => (left.from < right.from ? -1 : left.from > right.from ? 1 : 0));
  const merged: { from: bigint; to: bigint }[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last && range.from <= last.to + 1n) last.to = range.to > last.to ? range.to : last.to;
    else merged.push({ ...range });
  }
  const { family } = first!.address;
  return `{ ${merged.map((range) => rangeText(range, family)).join(', ')} }`;
}

function rangeOf({ address, mask }: Network): { from: bigint; to: bigint } {
  const from = numberOf(address.words);
  const rest = numberOf(mask.map((word) => ~word >>> 0));
  return { from, to: from | rest };
}

function numberOf(words: readonly number[]): bigint {
  return words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
}

function addressOf(number: bigint, family: Family): Address {
  const shifts = family === 4 ? [0n] : [96n, 64n, 32n, 0n];
  return { family, words: shifts.map((shift) => Number((number >> shift) & 0xffffffffn)) };
}

/** A range that is a network is printed as one. */
function rangeText({ from, to }: { from: bigint; to: bigint }, family: Family): string {
  const size = to - from + 1n;
  const bits = size.toString(2).length - 1;
  const address = formatAddress(addressOf(from, family));
  if (size === 1n) return address;
  if (size === 1n << BigInt(bits) && from % size === 0n) {
    return `${address}/${addressBits(family) - bits}`;
  }
  return `${address}-${formatAddress(addressOf(to, family))}`;
}

/** An address as a network. */
export function single(text: string): readonly Network[] {
  const address = parseAddress(text);
  if (!address) return [];
  return [{ address, mask: prefixMask(address.family, addressBits(address.family)) }];
}
