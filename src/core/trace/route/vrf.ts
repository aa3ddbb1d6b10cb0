import { l10n } from '../../l10n';
import { missing } from '../../missing';
import { once } from '../../once';
import { isMulticast } from '../../specialAddresses';
import type { NetworkInterface, NodeState } from '../../node';
import { addressKind6 } from './addressKind6';
import type { Device } from '../device';
import type { RouteKey } from './routeKey';
import type { State } from '../state';

/** A VRF (l3mdev), whose devices have a routing table of their own. */
export interface Vrf {
  readonly name: string;
  /** Undefined where no dump tells it. */
  readonly table?: string;
}

/** The VRF that a device is enslaved to, or is itself (l3mdev_master_ifindex_rcu). */
export function vrfOf({ interfaces }: NodeState, device: Device): Vrf | undefined {
  if (!interfaces || device === undefined || device === '') return undefined;
  return vrfsOf(interfaces).get(device);
}

/** Worked out once: each look-up of each packet asks. */
const vrfsOf = once((interfaces: readonly NetworkInterface[]): ReadonlyMap<string, Vrf> => {
  const masters = new Map(
    interfaces
      .filter(isVrf)
      .map(({ name, vrfTable: table }): [string, Vrf] => [name, { name, table }]),
  );
  if (masters.size === 0) return masters;
  const slaves = interfaces.flatMap(({ name, master }): [string, Vrf][] => {
    const vrf = master === undefined ? undefined : masters.get(master);
    return vrf ? [[name, vrf]] : [];
  });
  return new Map([...masters, ...slaves]);
});

/** vrf_setup (drivers/net/vrf.c): of the devices with slaves it alone asks for no addresses of the link. */
function isVrf({ kind, flags }: NetworkInterface): boolean {
  if (kind !== undefined) return kind === 'vrf';
  return flags.includes('MASTER') && flags.includes('NOARP');
}

/** l3mdev_update_flow (net/l3mdev/l3mdev.c): the device it has to leave by comes before the other. */
export function vrfOfKey(node: NodeState, { inDevice, outDevice }: RouteKey): Vrf | undefined {
  if (outDevice !== undefined) return vrfOf(node, outDevice);
  return inDevice === 'lo' ? undefined : vrfOf(node, inDevice);
}

/** Addresses are borrowed among the devices of one VRF, or of none (inet_select_addr, ipv6_dev_get_saddr). */
export function isSameDomain(node: NodeState, left: Device, right: Device): boolean {
  return vrfOf(node, left)?.name === vrfOf(node, right)?.name;
}

/**
 * Whether what came in passes PREROUTING once more, with the VRF as its device: l3mdev_ip_rcv, called
 * behind the hook, hands it to vrf_ip_rcv or vrf_ip6_rcv.
 */
export function entersVrf(node: NodeState, { inDevice, looped }: State): Vrf | undefined {
  const vrf = looped ? undefined : vrfOf(node, inDevice);
  return vrf?.name === inDevice ? undefined : vrf;
}

/** What a VRF's devices keep, or hand on without the hook. */
export function isKeptByDevice({ header }: State): boolean {
  const { destination } = header;
  if (isMulticast(destination)) return true;
  if (destination.family === 4) return false;
  const { scope, unicast } = addressKind6(destination);
  return unicast && scope === 'link';
}

export function unfollowed({ name }: Vrf, device: Device): string {
  return device === name
    ? l10n.t`what goes by the VRF ${name} is not modelled`
    : l10n.t`${device} is of the VRF ${name}: what goes by it is not modelled`;
}

export function noTable({ name }: Vrf): string {
  return l10n.t`the table of the VRF ${name}: ${missing('ip -d link')}`;
}

/**
 * vrf_ip_out (drivers/net/vrf.c): the node's own packets pass OUTPUT and POSTROUTING without conntrack by
 * the VRF before they do by its device, but for those of raw sockets of IPv4 (raw_send_hdrinc).
 */
export function leavesByVrf(node: NodeState, { packet, route, header }: State): string | undefined {
  if (!route || route.kind === 'error') return undefined;
  const bound = packet.boundDevice;
  const device = route.kind === 'local' ? bound : (route.device ?? bound);
  const vrf = vrfOf(node, device);
  const raw = packet.owner?.rawSocket === true && header.destination.family === 4;
  if (!vrf || (raw && route.kind !== 'local' && device !== vrf.name)) return undefined;
  return unfollowed(vrf, device);
}
