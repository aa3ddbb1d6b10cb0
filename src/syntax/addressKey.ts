import type { Address } from '../core/address';

/** The words of an address as text: equal for equal addresses of one family. */
export function addressKey({ words }: Address): string {
  return words.join(' ');
}
