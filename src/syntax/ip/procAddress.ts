import { parseAddress } from '../../core/address';
import type { Address } from '../../core/address';

/** An IPv4 address or mask in hex as the CPU holds it, low byte first: `000200C0` is 192.0.2.0. */
export function lowByteFirst(text: string): Address | undefined {
  if (!/^[\dA-F]{8}$/i.test(text)) return undefined;
  return { family: 4, words: [parseInt(text.match(/../g)!.reverse().join(''), 16)] };
}

/** An IPv6 address of 32 hex digits without colons. */
export function withoutColons(text: string): Address | undefined {
  return /^[\da-f]{32}$/i.test(text) ? parseAddress(text.match(/.{4}/g)!.join(':')) : undefined;
}
