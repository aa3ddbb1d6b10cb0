import { l10n } from '../../l10n';
import { formatAddress } from '../../address';
import { isRefusedByLoopback } from './fib';
import type { NoRoute } from './routeResult';
import { addressKind6 } from './addressKind6';
import { isLoopback, isMulticast, isZero } from '../../specialAddresses';
import { known } from '../answer';
import { listens } from './multicast';
import { chooseHop, failure, findWay, isWay } from './way';
import type { RouteKey } from './routeKey';
import type { InputKey, Routing, RoutingContext, Way } from './way';
import { sourceAddress6 } from './sourceAddress6';

/** ip6_route_input, then ip6_input, ip6_mc_input or the checks of ip6_forward. */
export function routeInput6(context: RoutingContext, key: InputKey): Routing {
  const { destination, arrival } = key;
  const { node, facts } = context;
  const strict = needsStrict(key);
  const way = findWay(context, { ...key, strict, preferred: arrival });
  if (isMulticast(destination)) {
    const joined = known(listens(node, arrival, destination), facts);
    if (joined === true) return { kind: 'local', type: 'multicast', device: arrival };
    if (joined !== false) return { kind: 'open', question: joined };
    return failure('EINVAL', l10n.t`nobody on ${arrival} listens to ${formatAddress(destination)}`);
  }
  if (!isWay(way)) return way;
  if (isRefused(way)) return refusedByLoopback;
  if (way.type === 'local' || way.type === 'anycast') {
    const device = way.hops[0]?.device ?? arrival;
    return { kind: 'local', type: way.type, device, route: way.route };
  }
  return forward(context, key, way);
}

/** ip6_forward (net/ipv6/ip6_output.c): what it refuses to send on. */
function forward(context: RoutingContext, key: InputKey, way: Way): Routing {
  const { source, arrival } = key;
  const value = context.node.sysctls?.get('net.ipv6.conf.all.forwarding');
  if (value === undefined)
    context.assume(l10n.t`net.ipv6.conf.all.forwarding is 1, as on every IPv6 node`);
  if (value === '0') return failure('EHOSTUNREACH', l10n.t`forwarding is off`);
  const out = chooseHop(context, way, key);
  if (out.kind !== 'unicast' || out.device === arrival) return out;
  if (isZero(source) || isMulticast(source) || isLoopback(source)) {
    return failure('EINVAL', l10n.t`${formatAddress(source)} is no source that is sent on`);
  }
  if (addressKind6(source).scope !== 'link' || !addressKind6(source).unicast) return out;
  return {
    ...failure('EINVAL', l10n.t`${formatAddress(source)} is of the link of ${arrival} alone`),
    reply: 'icmp6-beyond-scope',
  };
}

/** ip6_route_output_flags, and what ip6_dst_lookup_tail does for a socket without a source. */
export function routeOutput6(context: RoutingContext, key: RouteKey): Routing {
  const { source, destination, outDevice } = key;
  const anySource = !source || isZero(source);
  const strict = needsStrict(key) || outDevice !== undefined;
  let way = findWay(context, { ...key, source: anySource ? undefined : source, strict });
  if (!isWay(way) && way.kind === 'error' && anySource) {
    // An error of the look-up without a source is forgotten: again with the source that it would take
    // by no route (ip6_route_get_saddr), which may be another device's than the socket's.
    const own = sourceAddress6(context.node, undefined, destination);
    if (own && own !== 'unknown') way = findWay(context, { ...key, source: own, strict });
  }
  if (!isWay(way)) return way;
  const { route } = way;
  if (isRefused(way)) return { kind: 'unicast', device: 'lo', route, discarded: refusedByLoopback };
  if (way.type === 'local' || way.type === 'anycast') {
    return { kind: 'local', type: way.type, device: 'lo', route: way.route };
  }
  return chooseHop(context, way, key);
}

function isRefused({ route, hops }: Way): boolean {
  return route !== undefined && isRefusedByLoopback(route, hops);
}

/** ip6_pkt_discard, ip6_pkt_discard_out. */
const refusedByLoopback: NoRoute = {
  ...failure('ENETUNREACH', l10n.t`the route leads to lo, which IPv6 takes for a refusal`),
  reply: 'icmp6-no-route',
};

/** rt6_need_strict: multicast, link-local and loopback addresses are those of one device. */
function needsStrict({ destination }: RouteKey): boolean {
  const { scope, unicast } = addressKind6(destination);
  return isMulticast(destination) || isLoopback(destination) || (unicast && scope === 'link');
}
