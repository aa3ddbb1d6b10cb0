import { sameAddress } from '../../address';
import type { Address } from '../../address';
import type { NetworkInterface, NodeState } from '../../node';
import type { State } from '../state';
import type { Device } from '../device';

/** The ports of a bridge; none of another device, undefined where no dump tells the devices. */
export function portsOf(
  { interfaces }: NodeState,
  device: Device,
): readonly NetworkInterface[] | undefined {
  if (interfaces?.some((each) => each.name === device && !mayBeBridge(each))) return [];
  return interfaces?.filter(({ master }) => master !== undefined && master === device);
}

/** What has slaves is a bridge, unless `ip -d` says otherwise: bonds and VRFs are marked (IFF_MASTER). */
function mayBeBridge({ kind, flags }: NetworkInterface): boolean {
  return kind === undefined ? !flags.includes('MASTER') : kind === 'bridge';
}

/** The port that the frame came in by, or `undefined` where nothing tells which of several. */
export function portIn(node: NodeState, { packet }: State): string | undefined {
  return packet.bridgePort ?? portBefore(node, packet.inInterface, packet.source);
}

/** The port that leads to an address. */
export function portBefore(node: NodeState, bridge: Device, address: Address): string | undefined {
  const ports = portsOf(node, bridge) ?? [];
  const found = ports.find(({ behind }) => behind?.some((each) => sameAddress(each, address)));
  return found?.name ?? (ports.length === 1 ? ports[0]!.name : undefined);
}

/**
 * br_nf_pre_routing_finish: a packet of a bridge port whose destination PREROUTING changed is routed
 * there and then, and switched where that leads back to the bridge.
 */
export function isTurnedOnBridge(node: NodeState, { packet, header, inDevice }: State): boolean {
  if (sameAddress(packet.destination, header.destination)) return false;
  const ports = portsOf(node, inDevice) ?? [];
  return ports.length > 0 && callsRules(node, header.destination.family) !== false;
}

/** Whether br_netfilter hands what crosses bridges to iptables; undefined where no dump tells. */
export function callsRules({ sysctls }: NodeState, family: 4 | 6): boolean | undefined {
  const value = sysctls?.get(bridgeSysctl(family));
  return value === undefined ? undefined : value !== '0';
}

export function bridgeSysctl(family: 4 | 6): string {
  return `net.bridge.bridge-nf-call-${family === 4 ? 'iptables' : 'ip6tables'}`;
}
