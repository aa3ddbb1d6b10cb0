import { iptables, ipvs, nftables, type Case, type Edit } from './case';

/** `sysctl -a` of a node, of which a line says this. */
const told = (...lines: readonly string[]): Edit => ['sysctl.txt', '', `${lines.join('\n')}\n`];

const bridged = [
  'net.bridge.bridge-nf-call-arptables = 1',
  'net.bridge.bridge-nf-call-ip6tables = 1',
];
const count = 'net.netfilter.nf_conntrack_count';
const most = 'net.netfilter.nf_conntrack_max = 262144';

export const sysctlCases: readonly Case[] = [
  ...[iptables, ipvs, nftables].map((base): Case => ({
    code: 'forwarding-off',
    base,
    raise: [told('net.ipv4.ip_forward = 0')],
    // systemd-networkd may switch devices on one by one.
    near: [told('net.ipv4.ip_forward = 0', 'net.ipv4.conf.cni0.forwarding = 1')],
    says: /^net\.ipv4\.ip_forward is 0: the node forwards no IPv4/,
  })),
  {
    code: 'forwarding-off',
    base: iptables,
    raise: [['sysctl.txt', '', '/proc/sys/net/ipv4/conf/all/forwarding:0\n']],
    // Only Services of IPv4 are programmed here.
    near: [told('net.ipv6.conf.all.forwarding = 0', 'net.ipv4.conf.default.forwarding = 0')],
    says: /^net\.ipv4\.conf\.all\.forwarding is 0/,
  },
  ...[iptables, ipvs, nftables].map((base): Case => ({
    code: 'bridge-past-rules',
    base,
    raise: [told(...bridged, 'net.bridge.bridge-nf-call-iptables = 0')],
    near: [told(...bridged, 'net.bridge.bridge-nf-call-iptables = 1')],
    says: /^net\.bridge\.bridge-nf-call-iptables is 0: cni0 hands the answer of 10\.244\.0\.\d+ to 10\.244\.0\.\d+ past/,
  })),
  {
    code: 'ipvs-not-tracked',
    base: ipvs,
    raise: [told('net.ipv4.vs.conntrack = 0')],
    near: [told('net.ipv4.vs.conntrack = 1')],
    says: /^net\.ipv4\.vs\.conntrack is 0: no rule masquerades/,
  },
  {
    code: 'conntrack-table-full',
    base: nftables,
    raise: [told(`${count} = 262144`, most)],
    near: [told(`${count} = 262144`, 'net.netfilter.nf_conntrack_max = 0')],
    says: /is full: 262144 of \d/,
  },
  {
    code: 'conntrack-table-full',
    base: iptables,
    raise: [told(`${count} = 235930`, most)],
    near: [told(`${count} = 235929`, most)],
    says: /is nearly full: 235930 of 262144/,
  },
  {
    code: 'node-ports-not-on-localhost',
    base: iptables,
    raise: [told('net.ipv4.conf.all.route_localnet = 0', 'net.ipv4.conf.lo.route_localnet = 1')],
    near: [told('net.ipv4.conf.all.route_localnet = 0', 'net.ipv4.conf.cni0.route_localnet = 1')],
    says: /^net\.ipv4\.conf\.all\.route_localnet is 0: a program on this node/,
  },
];
