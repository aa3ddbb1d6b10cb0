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
  [135, 'mobility-header'],
  [136, 'udplite'],
]);

/** 6 -> `tcp`; a number without a name stays a number. */
export function protocolName(protocol: number): string {
  return names.get(protocol) ?? String(protocol);
}

/** Debian's /etc/protocols, by which iptables-save prints what xtables_chain_protos does not name. */
const further =
  'ip 0 hopopt 0 ggp 3 st 5 egp 8 igp 9 pup 12 hmp 20 xns-idp 22 rdp 27 iso-tp4 29 xtp 36 ddp 37 ' +
  'idpr-cmtp 38 ipv6-route 43 ipv6-frag 44 idrp 45 rsvp 46 skip 57 ipv6-nonxt 59 ipv6-opts 60 ' +
  'rspf 73 vmtp 81 eigrp 88 ospf 89 ax.25 93 ipip 94 etherip 97 encap 98 ipcomp 108 l2tp 115 ' +
  'isis 124 fc 133 mobility-header 135 mpls-in-ip 137 manet 138 hip 139 shim6 140 wesp 141 ' +
  'rohc 142 ethernet 143 icmpv6 58 ipv6-mh 135 mh 135 ipv4 4';

const numbers: ReadonlyMap<string, number> = new Map([
  // bounded: the text above
  ...[...further.matchAll(/(\S+) (\d+)/g)].map(([, name, n]) => [name!, Number(n)] as const),
  ...[...names].map(([number, name]) => [name, number] as const),
]);

/** `tcp` -> 6, in any case of letters; undefined for an unknown name. */
export function protocolNumber(name: string): number | undefined {
  return numbers.get(name.toLowerCase());
}
