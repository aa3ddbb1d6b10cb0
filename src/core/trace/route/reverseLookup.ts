import { contains, parseNetwork } from '../../address';
import type { Address } from '../../address';
import { isLimitedBroadcast, isMulticast, isZero } from '../../specialAddresses';
import { addressKind6 } from './addressKind6';

/**
 * rpfilter_get_saddr (ipt_rpfilter.c), get_saddr (nft_fib_ipv4.c), RT6_LOOKUP_F_HAS_SADDR: the source that
 * the look-up for a packet's other end has; what none can be sent from is left out.
 */
export function asSource(address: Address): Address | undefined {
  if (address.family === 6) return addressKind6(address).unicast ? address : undefined;
  const none = isMulticast(address) || isLimitedBroadcast(address) || isZero(address);
  return none ? undefined : address;
}

const localGroups = parseNetwork('224.0.0.0/24')!;

/** ipv4_is_lbcast, ipv4_is_local_multicast: where who has no address yet may send to. */
export function isOfLink(destination: Address): boolean {
  return isLimitedBroadcast(destination) || contains(localGroups, destination);
}
