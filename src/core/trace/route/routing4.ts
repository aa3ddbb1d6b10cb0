import { l10n } from '../../l10n';
import { formatAddress } from '../../address';
import type { Address } from '../../address';
import { devicesWith } from '../../devicesWith';
import type { NodeState } from '../../node';
import { isLimitedBroadcast, isLoopback, isMulticast, isZero } from '../../specialAddresses';
import { addressType } from './addressType';
import { known } from '../answer';
import { listens } from './multicast';
import { refusedSource } from './reversePath';
import { chooseHop, failure, findWay, isWay, martian } from './way';
import type { RouteKey } from './routeKey';
import type { InputKey, Routing, RoutingContext } from './way';
import type { NoRoute, RouteResult } from './routeResult';
import type { Device } from '../device';
import { deviceSwitch } from './sysctl';
import { vrfOf } from './vrf';

/** ip_route_input_rcu and ip_route_input_slow (net/ipv4/route.c). */
export function routeInput4(context: RoutingContext, key: InputKey): Routing {
  const { source, destination, arrival } = key;
  if (isMulticast(destination)) return multicastInput(context, key);
  if (isMulticast(source) || isLimitedBroadcast(source)) return martian(source, 'source');
  if (isLimitedBroadcast(destination) || (isZero(source) && isZero(destination))) {
    return localInput(context, key, 'broadcast');
  }
  if (isZero(source)) return martian(source, 'source');
  if (isZero(destination)) return martian(destination, 'destination');
  const looped = refusedLoopback(context, key);
  if (looped) return looped;
  const way = findWay(context, key);
  if (!isWay(way)) {
    if (way.kind !== 'error') return way;
    return isForwarding(context, arrival) ? way : notForwarded;
  }
  if (way.type === 'local' || way.type === 'broadcast' || way.type === 'anycast') {
    const device = way.hops[0]?.device ?? arrival;
    const local = localInput(context, key, way.type);
    return local.kind === 'local' ? { ...local, device, route: way.route } : local;
  }
  if (!isForwarding(context, arrival)) return notForwarded;
  if (way.type !== 'unicast') return martian(destination, 'destination');
  const out = chooseHop(context, way, key);
  if (out.kind !== 'unicast') return out;
  return refusedSource(context, key, { destination, outDevice: out.device }) ?? out;
}

/** Without forwarding ip_error answers nothing. */
const notForwarded: NoRoute = failure('EHOSTUNREACH', l10n.t`forwarding is off`);

/** ip_mc_validate_source; then only what the device listens to comes in. */
function multicastInput(context: RoutingContext, key: InputKey): Routing {
  const { source, destination, arrival } = key;
  const joined = known(listens(context.node, arrival, destination), context.facts);
  if (joined === false) {
    return unheard(arrival, destination);
  }
  if (joined !== true) return { kind: 'open', question: joined };
  if (isMulticast(source) || isLimitedBroadcast(source)) return martian(source, 'source');
  const looped = refusedLoopback(context, key);
  if (looped) return looped;
  return localInput(context, key, 'multicast');
}

/** Delivered to the node, whose source is checked as if it went out by the loopback device. */
function localInput(context: RoutingContext, key: InputKey, type: string): Routing {
  const local: RouteResult = { kind: 'local', type, device: key.arrival };
  if (isZero(key.source)) return local;
  const asked = type === 'local' ? key.destination : undefined;
  return refusedSource(context, key, { destination: asked, outDevice: 'lo' }) ?? local;
}

/** 127.0.0.0/8 from outside passes only with route_localnet. */
function refusedLoopback(
  { node, facts }: RoutingContext,
  { source, destination, arrival }: InputKey,
): Routing | undefined {
  const looped = [destination, source].find(isLoopback);
  if (!looped || arrival === 'lo') return undefined;
  const localnet = known(deviceSwitch(node, 'route_localnet', arrival), facts);
  if (typeof localnet !== 'boolean') return { kind: 'open', question: localnet };
  const side = looped === destination ? 'destination' : 'source';
  const why = l10n.t`route_localnet is 0 on ${arrival ?? l10n.t`it`}`;
  return localnet ? undefined : martian(looped, side, why);
}

/** ip_route_output_key_hash_rcu and __mkroute_output. */
export function routeOutput4(context: RoutingContext, key: RouteKey): Routing {
  const { source, destination, outDevice } = key;
  if (source && (isMulticast(source) || isLimitedBroadcast(source) || isZero(source))) {
    return failure('EINVAL', l10n.t`${formatAddress(source)} cannot be a source`);
  }
  if (isZero(destination)) return { kind: 'local', type: 'local', device: 'lo' };
  // To everybody, and to groups, the source says by which device ("Special hack" in the kernel).
  const toAll = isLimitedBroadcast(destination);
  const owner = (toAll || isMulticast(destination)) && source && ownerOf(context.node, source);
  if (owner && outDevice === undefined) {
    if (owner === 'lo') return toLoopback(context, destination, toAll);
    return { kind: toAll ? 'broadcast' : 'multicast', device: owner };
  }
  if (source && key.ownSource === true) {
    const type = ownerOf(context.node, source) ? 'LOCAL' : addressType(context.node, source);
    if (type !== undefined && type !== 'LOCAL') return notOwn(source);
  }
  const way = findWay(context, key);
  if (!isWay(way)) {
    // A bound socket reaches what no route leads to: it is taken to be on the device's link, but in a VRF.
    if (way.kind !== 'error' || outDevice === undefined) return way;
    if (vrfOf(context.node, outDevice)) return way;
    return checkedOutput(context, source, { kind: 'unicast', device: outDevice });
  }
  if (way.type === 'local' || way.type === 'anycast') {
    return { kind: 'local', type: way.type, device: 'lo', route: way.route };
  }
  const out = chooseHop(context, way, key);
  return out.kind === 'unicast' ? checkedOutput(context, source, out) : out;
}

/**
 * Without FLOWI_FLAG_ANYSRC, which raw sockets with a head of their own, transparent ones and the node's
 * answers have: what IP_FREEBIND or ip_nonlocal_bind let a socket bind is no source all the same.
 */
function notOwn(source: Address): NoRoute {
  return failure('ENETUNREACH', l10n.t`${formatAddress(source)} is no address of this node`);
}

/** __mkroute_output, by the loopback device: what nobody there listens to goes over it to be discarded. */
function toLoopback(
  { node, facts }: RoutingContext,
  destination: Address,
  toAll: boolean,
): Routing {
  const type = toAll ? 'broadcast' : 'multicast';
  const joined = toAll || known(listens(node, 'lo', destination), facts);
  if (typeof joined !== 'boolean') return { kind: 'open', question: joined };
  const discarded = joined ? undefined : unheard('lo', destination);
  return { kind: 'local', type, device: 'lo', ...(discarded && { discarded }) };
}

function unheard(device: Device, group: Address): NoRoute {
  return failure('EINVAL', l10n.t`nobody on ${device} listens to ${formatAddress(group)}`);
}

/** __ip_dev_find: the device that has the address. */
function ownerOf({ interfaces }: NodeState, address: Address): string | undefined {
  return devicesWith(interfaces ?? [], address)[0]?.name;
}

/** 127.0.0.0/8 leaves by another device only with route_localnet. */
function checkedOutput(
  { node, facts }: RoutingContext,
  source: Address | undefined,
  out: RouteResult & { readonly device: Device },
): Routing {
  if (!source || !isLoopback(source) || out.device === 'lo') return out;
  const localnet = known(deviceSwitch(node, 'route_localnet', out.device), facts);
  if (typeof localnet !== 'boolean') return { kind: 'open', question: localnet };
  if (localnet) return out;
  const device = out.device ?? l10n.t`the device`;
  const where = l10n.t`${formatAddress(source)} may not leave by ${device}: route_localnet is 0`;
  return failure('EINVAL', where);
}

function isForwarding({ node, assume }: RoutingContext, device: Device): boolean {
  const own = device && node.sysctls?.get(`net.ipv4.conf.${device}.forwarding`);
  // Two names of one switch.
  const all = ['net.ipv4.ip_forward', 'net.ipv4.conf.all.forwarding'];
  const value = own ?? all.map((name) => node.sysctls?.get(name)).find((set) => set !== undefined);
  if (value === undefined) assume(l10n.t`net.ipv4.ip_forward is 1, as on every Kubernetes node`);
  return value !== '0';
}
