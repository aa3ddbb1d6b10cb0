import { l10n } from '../../l10n';
import { missing } from '../../missing';
import type { Facts } from '../facts';
import { formatAddress } from '../../address';
import type { Address } from '../../address';
import type { NextHop, NodeState, Route } from '../../node';
import { isLimitedBroadcast, isMulticast } from '../../specialAddresses';
import { addressType } from './addressType';
import { known } from '../answer';
import type { Open } from '../answer';
import { knowsRoutes, lookUp, otherTable } from './fib';
import type { RouteKey } from './routeKey';
import type { NoRoute, RouteResult } from './routeResult';
import type { Device } from '../device';
import { isIpv6Off } from './disableIpv6';

/** The routing decision, or what must be settled first, on which the caller forks. */
export type Routing = RouteResult | { readonly kind: 'open'; readonly question: Open };

export interface RoutingContext {
  readonly node: NodeState;
  readonly facts: Facts;
  assume(text: string): void;
}

/** What comes in by a device. */
export interface InputKey extends RouteKey {
  readonly source: Address;
  /** Undefined where no dump tells. */
  readonly arrival: Device;
}

/** What the routes say before the checks of input and output. */
export interface Way {
  readonly kind: 'way';
  readonly type: string;
  readonly route?: Route;
  readonly hops: readonly NextHop[];
}

export function isWay(way: Way | Routing): way is Way {
  return way.kind === 'way';
}

/** The look-up; without routes what the addresses tell, or a question. */
export function findWay({ node, facts, assume }: RoutingContext, key: RouteKey): Way | Routing {
  if (knowsRoutes(node, key.destination.family)) {
    const table = otherTable(node, key);
    if (table !== undefined) {
      const command = key.destination.family === 4 ? 'ip rule' : 'ip -6 rule';
      assume(l10n.t`no routing rule leads to table ${table} (${missing(command)})`);
    }
    const result = lookUp(node, key, facts);
    if (result.kind === 'none') return unreachable(key, result.error, result.reason);
    if (result.kind === 'route') {
      const { route, hops } = result;
      return { kind: 'way', type: route.type, route, hops };
    }
    if (node.routingRules && result.question.key !== undefined) return result;
  }
  if (key.destination.family === 6 && isIpv6Off(node)) {
    return unreachable(key, 'ENETUNREACH', l10n.t`IPv6 is off on all devices (disable_ipv6)`);
  }
  return withoutRoutes(node, facts, key.destination);
}

function withoutRoutes(node: NodeState, facts: Facts, destination: Address): Way | Routing {
  const text = formatAddress(destination);
  if (isMulticast(destination)) return { kind: 'way', type: 'multicast', hops: [] };
  const type = addressType({ ...node, routes: undefined }, destination);
  if (type === 'LOCAL') return { kind: 'way', type: 'local', hops: [] };
  if (type === 'BROADCAST') return { kind: 'way', type: 'broadcast', hops: [] };
  if (type !== undefined) return { kind: 'way', type: 'unicast', hops: [] };
  const question: Open = {
    condition: l10n.t`${text} is an address of this node`,
    otherwise: l10n.t`${text} is not an address of this node`,
    unknown: missing('ip route show table all', 'ip addr'),
    key: `local ${text}`,
  };
  const local = known(question, facts);
  if (typeof local !== 'boolean') return { kind: 'open', question: local };
  return { kind: 'way', type: local ? 'local' : 'unicast', hops: [] };
}

/**
 * The next hop of a route. Of several the kernel chooses by a hash with a secret of the boot
 * (fib_multipath_hash, rt6_multipath_hash): each with the share of its weight, and the same for what
 * has the same addresses.
 */
export function chooseHop({ facts }: RoutingContext, way: Way, key: RouteKey): Routing {
  const kind = kindOf(way, key.destination);
  const taken = (hop: NextHop | undefined): RouteResult => ({
    kind,
    device: hop?.device,
    via: kind === 'unicast' ? hop?.via : undefined,
    route: way.route,
  });
  let rest = way.hops.reduce((sum, { weight }) => sum + weight, 0);
  for (const hop of way.hops.slice(0, -1)) {
    const via = hop.via ? l10n.t` via ${formatAddress(hop.via)}` : '';
    const text = `${hop.device ?? l10n.t`a device`}${via}`;
    const source = key.source ? formatAddress(key.source) : '';
    const question: Open = {
      condition: l10n.t`the next hop is ${text}`,
      otherwise: l10n.t`the next hop is not ${text}`,
      probability: hop.weight / rest,
      key: `next hop ${way.route!.range.line} ${source} > ${formatAddress(key.destination)} ${text}`,
    };
    const answer = known(question, facts);
    if (answer === true) return taken(hop);
    if (answer !== false) return { kind: 'open', question: answer };
    rest -= hop.weight;
  }
  return taken(way.hops.at(-1));
}

/** __mkroute_output: the limited broadcast goes by whatever route leads there. */
function kindOf({ type }: Way, destination: Address): 'unicast' | 'multicast' | 'broadcast' {
  if (type === 'broadcast' || isLimitedBroadcast(destination)) return 'broadcast';
  return isMulticast(destination) ? 'multicast' : 'unicast';
}

export function failure(error: string, reason: string): NoRoute {
  return { kind: 'error', error, reason };
}

/**
 * ip_error (net/ipv4/route.c), ip6_pkt_drop (net/ipv6/route.c): a packet that came in by a device is
 * answered with an ICMP error, but for blackholes.
 */
function unreachable({ destination }: RouteKey, error: string, reason: string): NoRoute {
  const replies: Readonly<Record<string, readonly [string, string]>> = {
    EHOSTUNREACH: ['icmp-host-unreachable', 'icmp6-no-route'],
    ENETUNREACH: ['icmp-net-unreachable', 'icmp6-no-route'],
    EACCES: ['icmp-admin-prohibited', 'icmp6-adm-prohibited'],
  };
  const reply = replies[error]?.[destination.family === 4 ? 0 : 1];
  return { kind: 'error', error, reason, reply };
}

export function martian(address: Address, side: 'source' | 'destination', why?: string): NoRoute {
  const text =
    side === 'source'
      ? l10n.t`${formatAddress(address)} is a martian source`
      : l10n.t`${formatAddress(address)} is a martian destination`;
  return failure('EINVAL', why === undefined ? text : `${text}: ${why}`);
}
