import {
  conntrackStateBits,
  conntrackStatusBits,
  packetTypes,
  protocolFamilies,
  routeTypes,
} from '../../../core/rules/nftNumbers';
import { portNumber } from '../../portNames';
import { protocolNumber } from '../../../core/protocol';

/** The words of nft's types and their numbers: nft(8), "Data types", and include/uapi/linux of each. */
const words: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map(
  Object.entries({
    ct_state: conntrackStateBits,
    ct_status: conntrackStatusBits,
    ct_dir: { original: 0, reply: 1 },
    fib_addrtype: routeTypes,
    // Old versions say unicast for what is sent to the host itself.
    pkt_type: { ...packetTypes, unicast: 0 },
    nf_proto: protocolFamilies,
    tcp_flag: { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, cwr: 128 },
    ether_type: {
      ...{ ip: 0x0800, arp: 0x0806, ip6: 0x86dd, vlan: 0x8100, '8021q': 0x8100 },
      ...{ '8021ad': 0x88a8 },
    },
    icmp_type: {
      ...{ 'echo-reply': 0, 'destination-unreachable': 3, 'source-quench': 4, redirect: 5 },
      ...{ 'echo-request': 8, 'router-advertisement': 9, 'router-solicitation': 10 },
      ...{ 'time-exceeded': 11, 'parameter-problem': 12, 'timestamp-request': 13 },
      ...{ 'timestamp-reply': 14, 'info-request': 15, 'info-reply': 16 },
      ...{ 'address-mask-request': 17, 'address-mask-reply': 18 },
    },
    icmp_code: {
      ...{ 'net-unreachable': 0, 'host-unreachable': 1, 'prot-unreachable': 2 },
      ...{ 'port-unreachable': 3, 'frag-needed': 4, 'net-prohibited': 9 },
      ...{ 'host-prohibited': 10, 'admin-prohibited': 13 },
    },
    icmpv6_type: {
      ...{ 'destination-unreachable': 1, 'packet-too-big': 2, 'time-exceeded': 3 },
      ...{ 'parameter-problem': 4, 'echo-request': 128, 'echo-reply': 129 },
      ...{ 'mld-listener-query': 130, 'mld-listener-report': 131, 'mld-listener-done': 132 },
      ...{ 'mld-listener-reduction': 132, 'nd-router-solicit': 133, 'nd-router-advert': 134 },
      ...{ 'nd-neighbor-solicit': 135, 'nd-neighbor-advert': 136, 'nd-redirect': 137 },
      ...{ 'router-renumbering': 138, 'ind-neighbor-solicit': 141 },
      ...{ 'ind-neighbor-advert': 142, 'mld2-listener-report': 143 },
    },
    icmpv6_code: {
      ...{ 'no-route': 0, 'admin-prohibited': 1, 'addr-unreachable': 3 },
      ...{ 'port-unreachable': 4, 'policy-fail': 5, 'reject-route': 6 },
    },
    dccp_type: {
      ...{ request: 0, response: 1, data: 2, ack: 3, dataack: 4, closereq: 5, close: 6, reset: 7 },
      ...{ sync: 8, syncack: 9 },
    },
    dscp: {
      ...{ cs0: 0, df: 0, be: 0, cs1: 8, cs2: 16, cs3: 24, cs4: 32, cs5: 40, cs6: 48, cs7: 56 },
      ...{ af11: 10, af12: 12, af13: 14, af21: 18, af22: 20, af23: 22, af31: 26, af32: 28 },
      ...{ af33: 30, af41: 34, af42: 36, af43: 38, ef: 46, va: 44, lephb: 1, le: 1 },
    },
    igmp_type: {
      ...{ 'membership-query': 0x11, 'membership-report-v1': 0x12, 'membership-report-v2': 0x16 },
      ...{ 'membership-report-v3': 0x22, 'leave-group': 0x17 },
    },
    mh_type: {
      ...{ 'binding-refresh-request': 0, 'home-test-init': 1, 'careof-test-init': 2 },
      ...{ 'home-test': 3, 'careof-test': 4, 'binding-update': 5, 'binding-acknowledgement': 6 },
      ...{ 'binding-error': 7, 'fast-binding-update': 8, 'fast-binding-acknowledgement': 9 },
      ...{ 'fast-binding-advertisement': 10, 'experimental-mobility-header': 11 },
      'home-agent-switch-message': 12,
    },
    arp_op: {
      ...{ request: 1, reply: 2, rrequest: 3, rreply: 4, inrequest: 8, inreply: 9, nak: 10 },
    },
    ecn: { 'not-ect': 0, ect1: 1, ect0: 2, ce: 3 },
    iface_type: { ether: 1, ppp: 512, ipip: 768, ipip6: 769, loopback: 772, sit: 776, ipgre: 778 },
    devgroup: { default: 0 },
    boolean: { missing: 0, exists: 1 },
    // nft prints the time of a limit and of a day in words of its own; these are whole weeks' days.
    day: {
      ...{ Sunday: 0, Monday: 1, Tuesday: 2, Wednesday: 3, Thursday: 4, Friday: 5, Saturday: 6 },
    },
  }).map(([type, names]) => [type, new Map(Object.entries(names))]),
);

/** Whether a number of the type has a name. */
export function hasName(type: string, number: number): boolean {
  return [...(words.get(type)?.values() ?? [])].includes(number);
}

/** Types whose values are sets of bits: without an operator, "any of these" is asked. */
export const flagTypes: ReadonlySet<string> = new Set(['ct_state', 'ct_status', 'tcp_flag']);

/** Types of texts rather than numbers. */
export const textTypes: ReadonlySet<string> = new Set([
  ...['ifname', 'iface_index', 'ether_addr', 'string', 'ct_label', 'time', 'hour'],
  // `1:2`, `none`; a routing realm by its name in the node's rt_realms.
  ...['classid', 'realm'],
  // Names of objects, in maps: `type inet_service : counter`.
  ...['counter', 'quota', 'limit', 'secmark', 'synproxy'],
]);

/** The number of a name of the type: `established`, `tcp`, `https`, `echo-request`. */
export function namedNumber(type: string | undefined, name: string): number | undefined {
  if (type === 'inet_proto') return protocolNumber(name);
  if (type === 'inet_service') return portNumber(name);
  return type === undefined ? undefined : words.get(type)?.get(name);
}
