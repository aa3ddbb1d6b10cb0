import { l10n } from '../../l10n';
import { missing } from '../../missing';
import { formatAddress, parseAddress, sameAddress } from '../../address';
import type { Address } from '../../address';
import type { NodeState } from '../../node';
import type { Answer } from '../answer';
import type { Device } from '../device';

/**
 * Does a device listen to a multicast group: surely those that the kernel itself joins (all hosts;
 * all nodes, all routers where it forwards, the solicited nodes of its addresses), else what
 * `ip maddr` shows.
 */
export function listens(node: NodeState, device: Device, group: Address): Answer {
  if (isJoinedByKernel(node, device, group)) return true;
  const known = (device === undefined ? undefined : node.groups?.get(device)) ?? [];
  if (known.some((joined) => sameAddress(joined, group))) return true;
  if (known.some(({ family }) => family === group.family)) return false;
  const text = l10n.t`a program listens to ${formatAddress(group)} on ${device ?? l10n.t`the device`}`;
  return {
    condition: text,
    otherwise: l10n.t`nobody listens to ${formatAddress(group)} on ${device ?? l10n.t`the device`}`,
    unknown: missing('ip maddr'),
    key: `joined ${formatAddress(group)} ${device}`,
  };
}

/** ip_mc_up (net/ipv4/igmp.c); ipv6_add_dev, addrconf_join_solict (net/ipv6/addrconf.c). */
function isJoinedByKernel(node: NodeState, device: Device, group: Address): boolean {
  const text = formatAddress(group);
  if (text === '224.0.0.1' || text === 'ff02::1' || text === 'ff01::1') return true;
  const forwards = node.sysctls?.get('net.ipv6.conf.all.forwarding') === '1';
  if (text === 'ff02::2') return forwards;
  if (!/^ff02::1:ff/.test(text)) return false;
  const own = node.interfaces?.find(({ name }) => name === device);
  if (!own || own.flags.includes('NOARP') || own.flags.includes('LOOPBACK')) return false;
  return own.addresses.some(({ address }) => {
    return address.family === 6 && sameAddress(solicitedNode(address), group);
  });
}

/** ff02::1:ffXX:XXXX with the last three bytes of the address (RFC 4291, 2.7.1). */
function solicitedNode({ words }: Address): Address {
  const base = parseAddress('ff02::1:ff00:0')!;
  const last = (base.words[3]! | (words[3]! & 0xffffff)) >>> 0;
  return { family: 6, words: [...base.words.slice(0, 3), last] };
}
