import { addressKey, parseAddress, type AddressKey } from '../../../core/address';

/** A rule that asks for one address before it does anything. */
const first = /^\s*ip6? daddr ([\d.a-f:]+)(?:\s|$)/;

/**
 * The one address that a rule asks for at its very beginning, as `addressKey` gives it: to any other
 * destination, nothing of the rule happens. undefined for every other rule: it has to be asked.
 */
export function exactDestination(rule: string): AddressKey | undefined {
  const address = parseAddress(first.exec(rule)?.[1] ?? '');
  return address && addressKey(address);
}
