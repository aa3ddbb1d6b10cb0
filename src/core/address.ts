import ipaddr from 'ipaddr.js';

export type Family = 4 | 6;

/** An IP address as unsigned 32-bit words in network order: one for IPv4, four for IPv6. */
export interface Address {
  readonly family: Family;
  readonly words: readonly number[];
}

/**
 * An address under a mask. The mask need not be contiguous: iptables takes
 * `-s 0.0.0.3/0.0.0.255` (iptables(8), "Plain IP address with a network mask").
 */
export interface Network {
  readonly address: Address;
  readonly mask: readonly number[];
}

/** `10.96.0.1` or `fd00:10:96::1`; undefined when the text is not an address in full notation. */
export function parseAddress(text: string): Address | undefined {
  if (text.includes(':')) {
    if (!mayBeIpv6(text) || !ipaddr.IPv6.isValid(text)) return undefined;
    // `::10.0.0.1`, as inet_ntop writes it, is for ipaddr.js the same as `::ffff:10.0.0.1`.
    const low = text.startsWith('::') ? ipv4Words(text.slice(2)) : undefined;
    if (low) return { family: 6, words: [0, 0, 0, ...low] };
    return { family: 6, words: wordsOf(ipaddr.IPv6.parse(text).toByteArray()) };
  }
  const words = ipv4Words(text);
  return words && { family: 4, words };
}

/**
 * For what is none ipaddr.js throws, and catches, which takes a hundred times as long; and many a word has
 * colons, as link layer addresses and times have.
 */
function mayBeIpv6(text: string): boolean {
  if (text.length > longestIpv6 || !/^[\da-f:.]+$/i.test(text)) return false;
  return text.includes('::') || text.split(':').length === (text.includes('.') ? 7 : 8);
}

/** INET6_ADDRSTRLEN, without the zero at its end. */
const longestIpv6 = 45;

function ipv4Words(text: string): readonly number[] | undefined {
  const bytes = plainIpv4.exec(text)?.slice(1).map(Number);
  return bytes?.every((byte) => byte < 256) ? wordsOf(bytes) : undefined;
}

/** Four decimal numbers without leading zeros, which some programs read as octal. */
const plainIpv4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

/** `10.244.0.0/16`, `10.244.0.0/255.255.0.0`, `fd00::/64`, or a plain address (a full mask). */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (!address) return undefined;
  const mask = slash < 0 ? fullMask(address.family) : parseMask(text.slice(slash + 1), address);
  if (!mask) return undefined;
  const words = address.words.map((word, i) => (word & (mask[i] ?? 0)) >>> 0);
  return { address: { family: address.family, words }, mask };
}

function parseMask(text: string, { family }: Address): readonly number[] | undefined {
  if (/^\d{1,3}$/.test(text)) {
    const length = Number(text);
    return length <= addressBits(family) ? prefixMask(family, length) : undefined;
  }
  const mask = parseAddress(text);
  return mask?.family === family ? mask.words : undefined;
}

/** So many bits has an address of a family: 32, 128. */
export function addressBits(family: Family): number {
  return family === 4 ? 32 : 128;
}

/** The mask of a prefix length in bits. */
export function prefixMask(family: Family, length: number): readonly number[] {
  return Array.from({ length: family === 4 ? 1 : 4 }, (_, i) => {
    const bits = Math.min(32, Math.max(0, length - 32 * i));
    return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  });
}

const fullMasks: Readonly<Record<Family, readonly number[]>> = {
  4: prefixMask(4, 32),
  6: prefixMask(6, 128),
};

function fullMask(family: Family): readonly number[] {
  return fullMasks[family];
}

export function contains(network: Network, address: Address): boolean {
  const { address: base, mask } = network;
  if (base.family !== address.family) return false;
  for (let i = 0; i < mask.length; i++) {
    if (((address.words[i]! & mask[i]!) ^ base.words[i]!) !== 0) return false;
  }
  return true;
}

/** The network with a prefix of `length` bits that holds the address. */
export function networkAround({ family, words }: Address, length: number): Network {
  const mask = prefixMask(family, length);
  return { address: { family, words: words.map((word, i) => (word & mask[i]!) >>> 0) }, mask };
}

/** An address with the network part of another, its host part kept: what NETMAP makes of it. */
export function inNetwork({ family, words }: Address, { address, mask }: Network): Address {
  return {
    family,
    words: words.map((word, i) => ((word & ~mask[i]!) | (address.words[i]! & mask[i]!)) >>> 0),
  };
}

export function sameAddress(left: Address, right: Address): boolean {
  return compareAddresses(left, right) === 0;
}

/** Order by family, then as numbers: negative, zero or positive, as Array.sort wants it. */
export function compareAddresses(left: Address, right: Address): number {
  if (left.family !== right.family) return left.family - right.family;
  for (let i = 0; i < left.words.length; i++) {
    const difference = left.words[i]! - right.words[i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Equal for equal addresses: of IPv4 the address as a number, of IPv6 its words in base 36. */
export type AddressKey = number | string;

export function addressKey({ family, words }: Address): AddressKey {
  if (family === 4) return words[0]! >>> 0;
  return words.map((word) => (word >>> 0).toString(36)).join(':');
}

/** Whether an address is one of an interval, both ends included. */
export function isBetween(
  address: Address,
  { from, to }: { readonly from: Address; readonly to: Address },
): boolean {
  return compareAddresses(address, from) >= 0 && compareAddresses(address, to) <= 0;
}

/** The prefix length in bits, or undefined for a mask with holes. */
export function prefixLength({ address, mask }: Network): number | undefined {
  const length = mask.reduce((sum, word) => sum + Math.clz32(~word >>> 0), 0);
  const contiguous = prefixMask(address.family, length).every((word, i) => word === mask[i]);
  return contiguous ? length : undefined;
}

/** Whether it is of one address: 10.0.0.1/32. */
export function isHost(network: Network): boolean {
  return prefixLength(network) === addressBits(network.address.family);
}

/** The n-th address of a network: 10.244.0.7 of 10.244.0.0/16. It may lie beyond a small one. */
export function hostIn({ address }: Pick<Network, 'address'>, n: number): Address {
  const last = address.words.length - 1;
  const words = address.words.map((word, i) => (i === last ? (word + n) >>> 0 : word));
  return { family: address.family, words };
}

/** `10.0.0.1`, or RFC 5952 text: `fd00::1`. */
export function formatAddress({ family, words }: Address): string {
  if (family === 4) {
    const word = words[0]!;
    return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
  }
  const bytes = bytesOf(words);
  return new ipaddr.IPv6(bytes).toRFC5952String();
}

/** `10.244.0.3:3000`, `[fd00::3]:3000`. */
export function hostPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** `10.96.0.10:53`, `[fd00::1]:53`; without a port the address alone. */
export function withPort(address: Address, port: number | undefined): string {
  const text = formatAddress(address);
  return port === undefined ? text : hostPort(text, port);
}

/** `10.244.0.0/16`; a mask with holes is written out. */
export function formatNetwork(network: Network): string {
  const { address, mask } = network;
  const length = prefixLength(network);
  const suffix = length ?? formatAddress({ family: address.family, words: mask });
  return `${formatAddress(address)}/${suffix}`;
}

function wordsOf(bytes: readonly number[]): readonly number[] {
  const words: number[] = [];
  for (let i = 0; i < bytes.length; i += 4) {
    words.push(
      ((bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!) >>> 0,
    );
  }
  return words;
}

function bytesOf(words: readonly number[]): number[] {
  return words.flatMap((word) => [
    word >>> 24,
    (word >>> 16) & 255,
    (word >>> 8) & 255,
    word & 255,
  ]);
}
