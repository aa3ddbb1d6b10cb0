import { missing } from '../../missing';
import { prefixLength, sameAddress } from '../../address';
import type { Address } from '../../address';
import type { NodeState } from '../../node';
import type { AddressType } from '../../rules/match';
import { addressKind6 } from './addressKind6';
import { isZero } from '../../specialAddresses';
import type { Answer } from '../answer';
import { isRefusedByLoopback, knowsRoutes, lookUp } from './fib';
import type { Lookup } from './fib';

/**
 * match_type6 (net/netfilter/xt_addrtype.c): MULTICAST, UNICAST and UNSPEC are properties that all
 * must hold; of LOCAL, ANYCAST and UNREACHABLE one must. Other names ask for nothing.
 *
 * @param device the one that LOCAL is limited to (`--limit-iface-in`)
 * @param open what to answer where no dump tells
 */
export function isOfTypes6(
  node: NodeState,
  address: Address,
  types: readonly AddressType[],
  device: string | undefined,
  open: (unknown: string) => Answer,
): Answer {
  const { multicast, unicast } = addressKind6(address);
  if (types.includes('MULTICAST') && !multicast) return false;
  if (types.includes('UNICAST') && !unicast) return false;
  if (types.includes('UNSPEC') && !isZero(address)) return false;
  const routed = types.filter((type) => ['LOCAL', 'ANYCAST', 'UNREACHABLE'].includes(type));
  if (routed.length === 0) return true;
  if (!knowsRoutes(node, 6)) {
    if (!node.interfaces || routed.some((type) => type !== 'LOCAL')) {
      return open(missing('ip route show table all', 'ip addr'));
    }
    return hasAddress(node, address, device);
  }
  const found = lookUp(node, { destination: address, mark: 0, outDevice: device, strict: true });
  if (found.kind === 'open') return open(found.question.unknown ?? found.question.condition);
  const held = typesOf(node, address, device, found);
  return routed.some((type) => held.has(type));
}

/** match_lookup_rt6. */
function typesOf(
  node: NodeState,
  address: Address,
  device: string | undefined,
  found: Lookup,
): ReadonlySet<AddressType> {
  if (found.kind !== 'route') return new Set(['UNREACHABLE']);
  const types = new Set<AddressType>();
  const { route, hops } = found;
  if (isRefusedByLoopback(route, hops)) return new Set(['UNREACHABLE']);
  const local = device === undefined ? route.type === 'local' : hasAddress(node, address, device);
  if (local) types.add('LOCAL');
  if (route.type === 'anycast') types.add('ANYCAST');
  // ipv6_anycast_destination: the first address of a subnet on the link is that of its routers.
  const onLink = route.type === 'unicast' && hops.length > 0 && !hops[0]!.via;
  const subnet = (prefixLength(route.destination) ?? 0) < 127;
  if (onLink && subnet && sameAddress(route.destination.address, address)) types.add('ANYCAST');
  return types;
}

function hasAddress({ interfaces }: NodeState, address: Address, device?: string): boolean {
  const own = interfaces?.some(
    ({ name, addresses }) =>
      (device === undefined || name === device) &&
      addresses.some((each) => sameAddress(each.address, address) && !each.tentative),
  );
  return own ?? false;
}
