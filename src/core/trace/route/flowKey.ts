import { l10n } from '../../l10n';
import type { NodeState } from '../../node';
import { icmpTypeOf } from '../../packet';
import { addressType } from './addressType';
import { isIcmp } from '../conntrack/conntrack';
import { withPorts } from '../nat/ports';
import type { RouteKey } from './routeKey';
import { outDevice } from './routeResult';
import type { State } from '../state';
import type { InputKey } from './way';

/** What the route look-up of a packet that came in by a device asks for; nobody's uid is 0. */
export function inputKey(state: State): InputKey {
  const { header, mark, tos } = state;
  const { source, destination } = header;
  // ip_rcv_finish asks for the device of before l3mdev_ip_rcv, ip6_route_input for the VRF.
  const arrival = destination.family === 4 ? (state.slave ?? state.inDevice) : state.inDevice;
  return {
    source,
    destination,
    mark,
    tos,
    inDevice: arrival,
    arrival,
    uid: 0,
    ...portsOf(state),
  };
}

/**
 * What the first look-up of a packet of the node itself asks for. A raw socket with a header of its
 * own is routed by destination, mark and uid alone: its protocol is 255, its TOS that of the socket
 * (raw_sendmsg, rawv6_sendmsg).
 */
export function outputKey(state: State): RouteKey {
  const { header, mark, tos, packet } = state;
  const { source, destination } = header;
  const { owner, boundDevice, answers } = packet;
  const sent = { destination, mark, uid: uidOf(packet), outDevice: boundDevice } as const;
  if (owner?.rawSocket === true) return { ...sent, protocol: rawProtocol, knownNextHop: true };
  const bound = answers === 'from the route' ? undefined : source;
  const ownSource = owner?.rawSocket === false;
  return { ...sent, source: bound, ownSource, tos, ...sentPorts(state) };
}

/**
 * fl4_icmp_type and fl4_icmp_code (union flowi_uli), which stand where a rule's `dport` looks: an echo
 * request asks as port 2048 (ping_v4_sendmsg, raw_probe_proto_opt, icmp_route_lookup, icmp6_send).
 */
function sentPorts({ header, packet }: State): Ports {
  if (!isIcmp(header.protocol)) return ports(header);
  return {
    protocol: header.protocol,
    destinationPort: (icmpTypeOf(packet) << 8) | (packet.icmpCode ?? 0),
  };
}

function uidOf({ owner, answers }: State['packet']): number | 'unknown' {
  return answers ? 0 : (owner?.uid ?? 'unknown');
}

/**
 * What ip_route_me_harder and ip6_route_me_harder ask for: what the packet is now. That of IPv4 does
 * not ask for the uid, nor for a source that is a broadcast address or a group.
 */
export function againKey(node: NodeState, state: State): RouteKey {
  const { header, mark, tos, packet } = state;
  const { source, destination } = header;
  const { family } = destination;
  const type = family === 4 ? addressType(node, source, outDevice(state)) : undefined;
  const isOne = type === undefined || type === 'LOCAL' || type === 'UNICAST';
  const socketless = state.reinjected || packet.inInterface !== undefined;
  const uid = family === 4 || socketless ? 0 : uidOf(packet);
  return {
    source: isOne ? source : undefined,
    destination,
    mark,
    tos,
    uid,
    outDevice: socketless ? undefined : packet.boundDevice,
    ...portsOf(state),
  };
}

const rawProtocol = 255;

type Ports = Pick<RouteKey, 'protocol' | 'sourcePort' | 'destinationPort' | 'openPort'>;

/** fib4_rules_early_flow_dissect: the ports of what has some, else 0. */
function portsOf({ header, packet }: State): Ports {
  return packet.fragment ? { protocol: header.protocol } : ports(header);
}

function ports({ protocol, sourcePort, sourcePorts, destinationPort }: State['header']): Ports {
  if (!withPorts.includes(protocol)) return { protocol };
  const openPort = sourcePorts ? l10n.t`the kernel chooses the source port` : undefined;
  return { protocol, sourcePort, destinationPort, openPort };
}
