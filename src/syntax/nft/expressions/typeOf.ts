import type { Expression } from '../../../core/rules/expression';

/** The type of a header field, where it is more than a number: nft(8), "Payload expressions". */
const payloadTypes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ 'ip saddr': 'ipv4_addr', 'ip daddr': 'ipv4_addr', 'ip protocol': 'inet_proto' },
    ...{ 'ip6 saddr': 'ipv6_addr', 'ip6 daddr': 'ipv6_addr', 'ip6 nexthdr': 'inet_proto' },
    ...{ 'ip dscp': 'dscp', 'ip6 dscp': 'dscp', 'ip ecn': 'ecn', 'ip6 ecn': 'ecn' },
    ...{ 'icmp type': 'icmp_type', 'icmp code': 'icmp_code' },
    ...{ 'icmpv6 type': 'icmpv6_type', 'icmpv6 code': 'icmpv6_code', 'tcp flags': 'tcp_flag' },
    ...{ 'icmpv6 taddr': 'ipv6_addr', 'icmpv6 daddr': 'ipv6_addr', 'icmp gateway': 'ipv4_addr' },
    ...{ 'hbh nexthdr': 'inet_proto', 'dst nexthdr': 'inet_proto', 'rt nexthdr': 'inet_proto' },
    ...{ 'frag nexthdr': 'inet_proto', 'mh nexthdr': 'inet_proto', 'ah nexthdr': 'inet_proto' },
    ...{ 'comp nexthdr': 'inet_proto', 'dccp type': 'dccp_type' },
    ...{ 'igmp type': 'igmp_type', 'mh type': 'mh_type', 'arp operation': 'arp_op' },
    ...{ 'ether saddr': 'ether_addr', 'ether daddr': 'ether_addr', 'ether type': 'ether_type' },
    ...{ 'vlan type': 'ether_type', 'arp ptype': 'ether_type' },
    ...{ 'arp saddr ip': 'ipv4_addr', 'arp daddr ip': 'ipv4_addr' },
    ...{ 'arp saddr ether': 'ether_addr', 'arp daddr ether': 'ether_addr' },
  }),
);

const metaTypes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ mark: 'mark', l4proto: 'inet_proto', nfproto: 'nf_proto', protocol: 'ether_type' },
    ...{ iiftype: 'iface_type', oiftype: 'iface_type' },
    ...{ iifgroup: 'devgroup', oifgroup: 'devgroup' },
    ...{ iif: 'iface_index', oif: 'iface_index', iifname: 'ifname', oifname: 'ifname' },
    ...{ ibrname: 'ifname', obrname: 'ifname', sdifname: 'ifname', pkttype: 'pkt_type' },
    ...{ iifkind: 'string', oifkind: 'string', ibriport: 'ifname', obriport: 'ifname' },
    ...{
      time: 'time',
      hour: 'hour',
      day: 'day',
      priority: 'classid',
      rtclassid: 'realm',
      ipsec: 'boolean',
      secpath: 'boolean',
    },
  }),
);

const conntrackTypes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ state: 'ct_state', status: 'ct_status', direction: 'ct_dir', mark: 'mark' },
    ...{ protocol: 'inet_proto', l3proto: 'nf_proto', label: 'ct_label', helper: 'string' },
    ...{ expiration: 'duration', 'proto-src': 'inet_service', 'proto-dst': 'inet_service' },
  }),
);

const routingTypes: ReadonlyMap<string, string> = new Map([
  ['ipsec', 'boolean'],
  ['classid', 'realm'],
]);

/**
 * The type in nft's words of what an expression gives: `ipv4_addr`, `inet_service`, `mark`.
 * undefined is not known by name, so values are what they look like.
 */
export function typeOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'payload': {
      const { protocol, field } = expression;
      if (/^[sd]port$/.test(field)) return 'inet_service';
      return payloadTypes.get(`${protocol} ${field}`) ?? 'integer';
    }
    case 'meta':
      return metaTypes.get(expression.key) ?? 'integer';
    case 'ct': {
      const { key, family } = expression;
      if (!/addr$/.test(key)) return conntrackTypes.get(key) ?? 'integer';
      return family && (family === 4 ? 'ipv4_addr' : 'ipv6_addr');
    }
    case 'fib':
      if (expression.result === 'type') return 'fib_addrtype';
      if (expression.present) return 'boolean';
      return expression.result === 'oif' ? 'iface_index' : 'ifname';
    case 'numgen':
    case 'jhash':
    case 'symhash':
      return 'integer';
    case 'arithmetic':
      return typeOf(expression.left);
    case 'rt':
      return routingTypes.get(expression.key);
    case 'exthdr':
      return 'boolean';
    case 'option':
      return expression.presence ? 'boolean' : undefined;
    default:
      return undefined;
  }
}

/** The types of the parts of a key. */
export function typesOf(key: Expression): readonly (string | undefined)[] {
  return key.kind === 'concat' ? key.parts.map(typeOf) : [typeOf(key)];
}
