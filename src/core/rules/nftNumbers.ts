/** enum ip_conntrack_info as nft asks for it (NF_CT_STATE_BIT): `ct state new` is bit 8. */
export const conntrackStateBits = {
  invalid: 1,
  established: 2,
  related: 4,
  new: 8,
  untracked: 64,
} as const;

/** enum ip_conntrack_status (include/uapi/linux/netfilter/nf_conntrack_common.h). */
export const conntrackStatusBits = {
  expected: 1,
  'seen-reply': 2,
  assured: 4,
  confirmed: 8,
  snat: 16,
  dnat: 32,
  dying: 512,
} as const;

/** RTN_* (include/uapi/linux/rtnetlink.h): what `fib ... type` gives. */
export const routeTypes = {
  unspec: 0,
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
} as const;

/** PACKET_* (include/uapi/linux/if_packet.h): `meta pkttype`. */
export const packetTypes = { host: 0, broadcast: 1, multicast: 2, other: 3 } as const;

/** NFPROTO_*: `meta nfproto`, `ct l3proto`. */
export const protocolFamilies = { ipv4: 2, ipv6: 10 } as const;

/** What `ip addr` prints behind `link/` (ll_type_n2a of iproute2): include/uapi/linux/if_arp.h. */
export const hardwareTypes: Readonly<Record<string, number>> = {
  ...{ ether: 1, infiniband: 32, ppp: 512, ipip: 768, tunnel6: 769, loopback: 772, sit: 776 },
  ...{ gre: 778, gre6: 823, none: 65534 },
};
