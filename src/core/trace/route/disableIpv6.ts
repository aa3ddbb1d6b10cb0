import { l10n } from '../../l10n';
import type { NodeState } from '../../node';
import type { Device } from '../device';
import type { State } from '../state';

/** ip6_rcv_core (net/ipv6/ip6_input.c): why the device takes no IPv6, before any hook but ingress. */
export function withoutIpv6(node: NodeState, { header, inDevice }: State): string | undefined {
  if (header.destination.family === 4 || !isOff(node, inDevice)) return undefined;
  return l10n.t`${nameOf(inDevice)} is 1: the device takes no IPv6`;
}

/** addrconf_ifdown: a device with disable_ipv6 has neither addresses nor routes. */
export function isIpv6Off(node: NodeState): boolean {
  return node.interfaces?.every(({ name }) => isOff(node, name)) === true;
}

function isOff({ sysctls }: NodeState, device: Device): boolean {
  return (sysctls?.get(nameOf(device)) ?? '0') !== '0';
}

function nameOf(device: Device): string {
  return `net.ipv6.conf.${device}.disable_ipv6`;
}
