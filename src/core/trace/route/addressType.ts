import { sameAddress, type Address } from '../../address';
import type { NetworkInterface, NodeState } from '../../node';
import type { AddressType } from '../../rules/match';
import { isLimitedBroadcast, isLoopback, isMulticast, isZero } from '../../specialAddresses';
import { knowsRoutes, lookUp, lookUpLocal } from './fib';

/**
 * What `addrtype` and the routing take an address for: inet_dev_addr_type (net/ipv4/fib_frontend.c)
 * asks the local table only, so that unreachable and blackhole routes of main are UNICAST here.
 *
 * @param device the one that the address must belong to (`--limit-iface-in`)
 * @returns undefined where neither routes nor addresses are known
 */
export function addressType(
  node: NodeState,
  address: Address,
  device?: string,
): AddressType | undefined {
  if (address.family === 6) return addressType6(node, address);
  if (isZero(address) || isLimitedBroadcast(address)) return 'BROADCAST';
  if (isMulticast(address)) return 'MULTICAST';
  if (knowsRoutes(node, address.family)) {
    const route = lookUpLocal(node, address);
    if (!route || (device !== undefined && route.nextHops[0]?.device !== device)) return 'UNICAST';
    return route.type.toUpperCase() as AddressType;
  }
  if (!node.interfaces) {
    const some = fromInterfaces(node.someInterfaces ?? [], address, device);
    return isLoopback(address) || some === 'LOCAL' ? 'LOCAL' : undefined;
  }
  return fromInterfaces(node.interfaces, address, device);
}

function fromInterfaces(
  interfaces: readonly NetworkInterface[],
  address: Address,
  device: string | undefined,
): AddressType {
  const own = interfaces.filter(({ name }) => device === undefined || name === device);
  const all = own.flatMap((i) => i.addresses);
  if (all.some((a) => sameAddress(a.address, address))) return 'LOCAL';
  if (isLoopback(address) && own.some(({ name }) => name === 'lo')) return 'LOCAL';
  const broadcast = all.some((a) => a.broadcast && sameAddress(a.broadcast, address));
  return broadcast ? 'BROADCAST' : 'UNICAST';
}

/** What an address is to routing; `isOfTypes6` answers what addrtype asks. */
function addressType6(node: NodeState, address: Address): AddressType | undefined {
  if (isZero(address)) return 'UNSPEC';
  if (isMulticast(address)) return 'MULTICAST';
  if (!knowsRoutes(node, address.family)) {
    return node.interfaces && fromInterfaces(node.interfaces, address, undefined);
  }
  const found = lookUp(node, { destination: address, mark: 0 });
  if (found.kind === 'open') return undefined;
  if (found.kind === 'none') return 'UNREACHABLE';
  const { type } = found.route;
  return type === 'local' ? 'LOCAL' : type === 'anycast' ? 'ANYCAST' : 'UNICAST';
}
