import { formatAddress, sameAddress } from '../address';
import type { Address } from '../address';
import type { NextHop, NodeState, Route } from '../node';
import { addressType, isLimitedBroadcast, isLoopback, isMulticast, isZero } from './addressType';
import { known } from './answer';
import type { Answer, Open } from './answer';
import { knowsRoutes, lookUp } from './fib';
import type { Lookup, RouteKey } from './fib';
import type { Device } from './state';
import { deviceMaximum, deviceSwitch } from './sysctl';

/** The routing decision. */
export type RouteResult =
  /** To the node itself: addresses of its own, broadcast, multicast that it listens to. */
  | {
      readonly kind: 'local';
      readonly type: string;
      readonly device: Device;
      readonly route?: Route;
    }
  /** Out by a device; undefined when the dumps do not tell which. */
  | {
      readonly kind: 'unicast' | 'multicast';
      readonly device: Device;
      readonly via?: Address;
      readonly route?: Route;
    }
  | NoRoute;

export interface NoRoute {
  readonly kind: 'error';
  /** What a sender on the node itself gets from send(2). */
  readonly error: string;
  readonly reason: string;
  /** The ICMP error that goes to whoever sent it through this node. */
  readonly reply?: string;
}

/** Or what must be settled first, on which the caller forks. */
export type Routing = RouteResult | { readonly kind: 'open'; readonly question: Open };

export interface RoutingContext {
  readonly node: NodeState;
  readonly facts: ReadonlyMap<string, boolean>;
  assume(text: string): void;
}

/** ip_route_input_slow (net/ipv4/route.c): the way of a packet that came in by a device. */
export function routeInput(
  context: RoutingContext,
  key: RouteKey & { readonly source: Address; readonly inDevice: Device },
): Routing {
  const { node, facts } = context;
  const { source, destination, inDevice } = key;
  if (isMulticast(destination)) return { kind: 'local', type: 'multicast', device: inDevice };
  if (isMulticast(source) || isLimitedBroadcast(source)) return martian(source, 'source');
  if (isLimitedBroadcast(destination)) return checkedLocal(context, key, 'broadcast', undefined);
  if (destination.family === 4) {
    if (isZero(source)) return martian(source, 'source');
    if (isZero(destination)) return martian(destination, 'destination');
    const looped = isLoopback(destination) ? destination : isLoopback(source) ? source : undefined;
    if (looped && inDevice !== 'lo') {
      const localnet = known(deviceSwitch(node, 'route_localnet', inDevice), facts);
      if (typeof localnet !== 'boolean') return open(localnet);
      const side = looped === destination ? 'destination' : 'source';
      if (!localnet) return martian(looped, side, `route_localnet is 0 on ${inDevice ?? 'it'}`);
    }
  }
  const way = search(context, key);
  if (!isFound(way)) return way;
  if (way.type === 'local' || way.type === 'broadcast' || way.type === 'anycast') {
    return checkedLocal(context, key, way.type, way.route);
  }
  const forwarding = forwards(context, inDevice, destination.family);
  if (typeof forwarding !== 'boolean') return open(forwarding);
  if (!forwarding) return failure('EHOSTUNREACH', 'forwarding is off');
  const refused = reversePath(context, key);
  return refused ?? hop(way, key);
}

/**
 * ip_route_output_key_hash_rcu: the way of a packet that the node sends, or that OUTPUT re-routes.
 *
 * @param key without source: an unbound or a raw socket, which takes what the route says
 */
export function routeOutput(context: RoutingContext, key: RouteKey): Routing {
  const { node, facts } = context;
  const { source, destination } = key;
  if (source && (isMulticast(source) || isLimitedBroadcast(source))) {
    return failure('EINVAL', `${formatAddress(source)} cannot be a source`);
  }
  if (isLimitedBroadcast(destination)) return broadcastRefused;
  const way = search(context, key);
  if (!isFound(way)) return way;
  if (way.type === 'local' || way.type === 'anycast') {
    return { kind: 'local', type: way.type, device: 'lo', route: way.route };
  }
  if (way.type === 'broadcast') return broadcastRefused;
  const out = hop(way, key);
  if (out.kind !== 'unicast' || !source || source.family === 6 || !isLoopback(source)) return out;
  if (out.device === 'lo') return out;
  const localnet = known(deviceSwitch(node, 'route_localnet', out.device), facts);
  if (typeof localnet !== 'boolean') return open(localnet);
  if (localnet) return out;
  const device = out.device ?? 'the device';
  const where = `${formatAddress(source)} may not leave by ${device}: route_localnet is 0`;
  return failure('EINVAL', where);
}

/** A socket without SO_BROADCAST gets EACCES (net/ipv4/raw.c, udp.c). */
const broadcastRefused: RouteResult = {
  kind: 'error',
  error: 'EACCES',
  reason: 'a broadcast address: refused unless the socket has SO_BROADCAST',
};

interface Found {
  readonly kind: 'found';
  readonly type: string;
  readonly route?: Route;
  readonly device?: Device;
}

function isFound(way: Found | Routing): way is Found {
  return way.kind === 'found';
}

/** The look-up; without routes what the addresses tell, or a question. */
function search({ node, facts }: RoutingContext, key: RouteKey): Found | Routing {
  if (knowsRoutes(node, key.destination.family)) {
    const result: Lookup = lookUp(node, key);
    if (result.kind === 'none') return unreachable(key, result.error, result.reason);
    if (result.kind === 'route') {
      return { kind: 'found', type: result.route.type, route: result.route };
    }
    return search({ node: { ...node, routes: undefined }, facts, assume: () => undefined }, key);
  }
  const text = formatAddress(key.destination);
  if (isMulticast(key.destination)) return { kind: 'found', type: 'multicast' };
  const type = addressType(node, key.destination);
  if (type === 'LOCAL') return { kind: 'found', type: 'local', device: undefined };
  if (type === 'BROADCAST') return { kind: 'found', type: 'broadcast', device: undefined };
  if (type !== undefined) return { kind: 'found', type: 'unicast', device: undefined };
  const local = known(
    {
      condition: `${text} is an address of this node`,
      otherwise: `${text} is not an address of this node`,
      unknown: 'no dump of the routes or the addresses',
      key: `local ${text}`,
    },
    facts,
  );
  if (typeof local !== 'boolean') return open(local);
  return { kind: 'found', type: local ? 'local' : 'unicast', device: undefined };
}

function hop(way: Found, key: RouteKey): RouteResult {
  const multi = isMulticast(key.destination);
  const kind = multi ? 'multicast' : 'unicast';
  const hops = way.route?.nextHops ?? [];
  if (hops.length > 1) return { kind, device: sameDevice(hops), route: way.route };
  const [next] = hops;
  return { kind, device: next?.device, via: next?.via, route: way.route };
}

/** Of a multipath route: which next hop is taken is a hash that no dump tells. */
function sameDevice(hops: readonly NextHop[]): Device {
  return hops.every(({ device }) => device === hops[0]!.device) ? hops[0]!.device : undefined;
}

function checkedLocal(
  context: RoutingContext,
  key: RouteKey & { readonly source: Address; readonly inDevice: Device },
  type: string,
  route: Route | undefined,
): Routing {
  const refused = isZero(key.source) ? undefined : reversePath(context, key);
  const device = route?.nextHops[0]?.device ?? key.inDevice;
  return refused ?? { kind: 'local', type, device, route };
}

/** fib_validate_source: an own address as source, and rp_filter where it is known to be on. */
function reversePath(
  context: RoutingContext,
  { source, inDevice }: { readonly source: Address; readonly inDevice: Device },
): RouteResult | undefined {
  const { node } = context;
  if (source.family === 6 || inDevice === 'lo') return undefined;
  const own = node.interfaces?.some((i) =>
    i.addresses.some(({ address }) => sameAddress(address, source)),
  );
  const acceptLocal = deviceSwitch(node, 'accept_local', inDevice);
  if (own && acceptLocal !== true) return martian(source, 'source', 'it is the node’s own');
  if (!knowsRoutes(node, source.family) || inDevice === undefined) return undefined;
  const back = lookUp(node, { destination: source, mark: 0 });
  const same =
    back.kind === 'route' && back.route.nextHops.some(({ device }) => device === inDevice);
  if (same) return undefined;
  const filter = deviceMaximum(node, 'rp_filter', inDevice);
  if (filter === 1 || (filter === 2 && back.kind === 'none')) {
    return martian(source, 'source', `rp_filter is ${filter} on ${inDevice}`);
  }
  if (filter === undefined) {
    context.assume(
      `rp_filter does not stop ${formatAddress(source)} at ${inDevice}, although the way back is another: no dump tells it`,
    );
  }
  return undefined;
}

function forwards({ node, facts, assume }: RoutingContext, device: Device, family: 4 | 6): Answer {
  if (family === 6) {
    return node.sysctls?.get('net.ipv6.conf.all.forwarding') !== '0';
  }
  const own = device && node.sysctls?.get(`net.ipv4.conf.${device}.forwarding`);
  const value = own ?? node.sysctls?.get('net.ipv4.ip_forward');
  if (value === undefined) assume('net.ipv4.ip_forward is 1, as on every Kubernetes node');
  return known(value !== '0', facts);
}

function open(question: Open): Routing {
  return { kind: 'open', question };
}

function failure(error: string, reason: string): NoRoute {
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

function martian(address: Address, side: 'source' | 'destination', why?: string): NoRoute {
  const text = `${formatAddress(address)} is a martian ${side}`;
  return failure('EINVAL', why === undefined ? text : `${text}: ${why}`);
}
