import * as l10n from '@vscode/l10n';
import { missing } from '../../core/missing';
import type { NodeState } from '../../core/node';
import { code, quiet, strong, type Block } from '../../workspace/hover/content';
import { list } from '../../core/list';

/** A device of `ip addr` or `ip route`. */
export function deviceBlocks(name: string, { interfaces, someInterfaces }: NodeState): Block[] {
  const device = (interfaces ?? someInterfaces)?.find((each) => each.name === name);
  if (!device) {
    const shown =
      someInterfaces &&
      list(
        someInterfaces.map((each) => each.name),
        'row',
      );
    const part = shown ? l10n.t`this listing shows only ${shown}` : missing('ip addr');
    const reason = interfaces ? l10n.t('ip addr of this node does not have it') : part;
    return [[strong(l10n.t('Device')), ' ', code(name), ', ', quiet(reason)]];
  }
  const { addresses, flags, mtu, state, master } = device;
  const facts = [
    flags.includes('UP') ? 'up' : 'down',
    ...(state === undefined ? [] : [l10n.t`state ${state}`]),
    ...(mtu === undefined ? [] : [l10n.t`mtu ${mtu}`]),
    ...(master === undefined ? [] : [l10n.t`port of ${master}`]),
    addresses.length === 1 ? l10n.t('1 address') : l10n.t`${addresses.length} addresses`,
  ];
  const blocks: Block[] = [
    [strong(l10n.t('Device')), ' ', code(name), `: ${facts.join(l10n.t(', '))}.`],
  ];
  const own = known.get(name);
  if (own !== undefined) blocks.push([own]);
  return blocks;
}

const known: ReadonlyMap<string, string> = new Map([
  [
    'kube-ipvs0',
    l10n.t(
      'kube-proxy’s dummy device in ipvs mode: with each ClusterIP, external and load balancer address on it, their packets are LOCAL and come to INPUT, where IPVS takes them. Sends nothing; down is normal.',
    ),
  ],
  [
    'nodelocaldns',
    l10n.t('NodeLocal DNSCache’s dummy device: DNS queries to its addresses stay here.'),
  ],
]);

/** The first word of a route. */
export function routeTypeBlocks(type: string): Block[] {
  const meaning = types.get(type);
  return meaning === undefined ? [] : [[strong(l10n.t('Route')), ' ', code(type)], [meaning]];
}

/** ip-route(8), "TYPE". */
const types: ReadonlyMap<string, string> = new Map([
  ['local', l10n.t('An address of this node: packets to it are delivered here (INPUT).')],
  ['broadcast', l10n.t('A broadcast address: packets to it are sent as link broadcasts.')],
  ['blackhole', l10n.t('Packets are dropped silently; local senders get EINVAL.')],
  [
    'unreachable',
    l10n.t('Packets are dropped with ICMP host unreachable; local senders get EHOSTUNREACH.'),
  ],
  [
    'prohibit',
    l10n.t('Packets are dropped with ICMP administratively prohibited; local senders get EACCES.'),
  ],
  ['throw', l10n.t('The look-up goes on with the next routing rule.')],
  ['multicast', l10n.t('A multicast route.')],
  ['anycast', l10n.t('An anycast address of this node: delivered here.')],
  ['default', l10n.t('Every destination that no more specific route of this table has.')],
]);
