import type { Address, Network } from '../address';

/**
 * One value as the kernel compares it: numbers in host order (a mark, a port, a protocol number,
 * the bits of ct state), addresses, or text (a device, a MAC address in lower case with colons).
 */
export type Value =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'text'; readonly text: string };

/** What one part of a key or the right side of a comparison may be: values, both ends included. */
export type Pattern =
  | { readonly kind: 'numbers'; readonly from: number; readonly to: number }
  | { readonly kind: 'network'; readonly network: Network }
  | { readonly kind: 'addresses'; readonly from: Address; readonly to: Address }
  /** `wildcard`: any text that begins so, `"veth*"`. */
  | { readonly kind: 'text'; readonly text: string; readonly wildcard: boolean }
  /** Not understood: nothing is known of what it holds. */
  | { readonly kind: 'unknown'; readonly text: string };
