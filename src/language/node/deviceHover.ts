import type { NodeState } from '../../core/node';
import { code, quiet, strong, type Block } from '../../workspace/hover/content';

/** A device of `ip addr` or `ip route`. */
export function deviceBlocks(name: string, { interfaces, someInterfaces }: NodeState): Block[] {
  const device = (interfaces ?? someInterfaces)?.find((each) => each.name === name);
  if (!device) {
    const reason = interfaces ? 'ip addr of this node does not have it' : 'no dump of ip addr';
    return [[strong('Device'), ' ', code(name), ', ', quiet(reason)]];
  }
  const { addresses, flags, mtu, state, master } = device;
  const facts = [
    flags.includes('UP') ? 'up' : 'down',
    ...(state === undefined ? [] : [`state ${state}`]),
    ...(mtu === undefined ? [] : [`mtu ${mtu}`]),
    ...(master === undefined ? [] : [`port of ${master}`]),
    addresses.length === 1 ? '1 address' : `${addresses.length} addresses`,
  ];
  const blocks: Block[] = [[strong('Device'), ' ', code(name), `: ${facts.join(', ')}.`]];
  const own = known.get(name);
  if (own !== undefined) blocks.push([own]);
  return blocks;
}

const known: ReadonlyMap<string, string> = new Map([
  [
    'kube-ipvs0',
    'kube-proxy’s dummy device in ipvs mode. It holds each ClusterIP, external and load balancer address, so that they are LOCAL and their packets come to INPUT, where IPVS takes them. Nothing is sent through it: that it is down is as it should be.',
  ],
  ['nodelocaldns', 'NodeLocal DNSCache’s dummy device: DNS queries to its addresses stay here.'],
]);

/** The first word of a route. */
export function routeTypeBlocks(type: string): Block[] {
  const meaning = types.get(type);
  return meaning === undefined ? [] : [[strong('Route'), ' ', code(type)], [meaning]];
}

/** ip-route(8), "TYPE". */
const types: ReadonlyMap<string, string> = new Map([
  ['local', 'An address of this node: packets to it are delivered here (INPUT).'],
  ['broadcast', 'A broadcast address: packets to it are sent as link broadcasts.'],
  ['blackhole', 'Packets are dropped silently; local senders get EINVAL.'],
  [
    'unreachable',
    'Packets are dropped with ICMP host unreachable; local senders get EHOSTUNREACH.',
  ],
  [
    'prohibit',
    'Packets are dropped with ICMP administratively prohibited; local senders get EACCES.',
  ],
  ['throw', 'The look-up goes on with the next routing rule.'],
  ['multicast', 'A multicast route.'],
  ['anycast', 'An anycast address of this node: delivered here.'],
  ['default', 'Every destination that no more specific route of this table has.'],
]);
