/** The protocols that rules name, as in /etc/protocols. */
const names: ReadonlyMap<number, string> = new Map([
  [0, 'all'],
  [1, 'icmp'],
  [2, 'igmp'],
  [4, 'ipencap'],
  [6, 'tcp'],
  [17, 'udp'],
  [33, 'dccp'],
  [41, 'ipv6'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [58, 'ipv6-icmp'],
  [103, 'pim'],
  [112, 'vrrp'],
  [132, 'sctp'],
  [136, 'udplite'],
]);

/** 6 -> `tcp`; a number without a name stays a number. */
export function protocolName(protocol: number): string {
  return names.get(protocol) ?? String(protocol);
}

const numbers: ReadonlyMap<string, number> = new Map([
  ...[...names].map(([number, name]) => [name, number] as const),
  // Further names that iptables takes (xshared.c, xtables_chain_protos; /etc/protocols).
  ['icmpv6', 58],
  ['ipv6-mh', 135],
  ['mh', 135],
  ['ip', 0],
  ['ipip', 4],
  ['egp', 8],
  ['ipv6-route', 43],
  ['ipv6-frag', 44],
  ['ipv6-nonxt', 59],
  ['ipv6-opts', 60],
  ['ospf', 89],
  ['l2tp', 115],
  ['mpls-in-ip', 137],
]);

/** `tcp` -> 6, in any case of letters; undefined for an unknown name. */
export function protocolNumber(name: string): number | undefined {
  return numbers.get(name.toLowerCase());
}
