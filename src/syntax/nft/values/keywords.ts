/**
 * What nft can read of a packet's headers, by protocol: nft(8), "Payload expressions". Fields that are
 * not here still are selectors when an operator or a value follows them; these are known to be ones.
 */
export const payloadFields: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    ether: 'daddr saddr type',
    vlan: 'id dei pcp type cfi',
    arp: 'htype ptype hlen plen operation saddr daddr',
    ip: 'version hdrlength dscp ecn length id frag-off ttl protocol checksum saddr daddr',
    ip6: 'version dscp ecn flowlabel length nexthdr hoplimit saddr daddr',
    icmp: 'type code checksum id sequence gateway mtu',
    icmpv6:
      'type code checksum parameter-problem packet-too-big id sequence max-delay mtu taddr daddr',
    igmp: 'type mrt checksum group',
    tcp: 'sport dport sequence ackseq doff reserved flags window checksum urgptr',
    udp: 'sport dport length checksum',
    udplite: 'sport dport checksum csumcov',
    sctp: 'sport dport vtag checksum',
    dccp: 'sport dport type',
    th: 'sport dport',
    ah: 'nexthdr hdrlength reserved spi sequence',
    esp: 'spi sequence',
    comp: 'nexthdr flags cpi',
    frag: 'nexthdr reserved frag-off reserved2 more-fragments id',
    hbh: 'nexthdr hdrlength',
    rt: 'nexthdr hdrlength type seg-left classid nexthop mtu',
    dst: 'nexthdr hdrlength',
    mh: 'nexthdr hdrlength type reserved checksum',
    srh: 'last-entry flags tag sid seg-left',
  }).map(([protocol, fields]) => [protocol, new Set(fields.split(' '))]),
);

/** What `exthdr` expressions of the kernel read options of. */
export const optionProtocols = ['ip', 'tcp', 'sctp', 'dccp'] as const;

/** Where the bits of `@th,16,16` are counted from: nft(8), "Raw payload expression". */
export const rawBases = ['ll', 'nh', 'th', 'ih'] as const;

/** nft(8), "Routing expressions". */
export const routingKeys = ['classid', 'nexthop', 'mtu', 'ipsec'] as const;

/** Fields of an option or chunk: nft(8), "Extension header expressions". */
export const optionFields: readonly string[] = [
  ...'size kind length count left right tsval tsecr subtype type ptr value addr'.split(' '),
  ...'flags init-tag num-outbound-streams num-inbound-streams initial-tsn tsn stream ssn ppid'.split(
    ' ',
  ),
  ...'cum-tsn-ack num-gap-ack-blocks num-dup-tsns lowest-tsn seqno new-cum-tsn'.split(' '),
  'a-rwnd',
];

/** nft(8), "Meta expressions": the second group may stand without the word `meta`. */
export const metaKeys: ReadonlySet<string> = new Set(
  (
    'length protocol nfproto l4proto priority random secpath ibrvproto ibrpvid secmark time day hour sdif sdifname ' +
    'mark iif iifname iiftype oif oifname oiftype skuid skgid nftrace rtclassid ibrname ibriport obrname obriport ' +
    'ibriport pkttype cpu iifgroup oifgroup cgroup ipsec iifkind oifkind broute'
  ).split(' '),
);

export const unqualifiedMeta: ReadonlySet<string> = new Set(
  (
    'mark iif iifname iiftype oif oifname oiftype skuid skgid nftrace rtclassid ibrname ibriport obrname obriport ' +
    'pkttype cpu iifgroup oifgroup cgroup ipsec iifkind oifkind'
  ).split(' '),
);

/** nft(8), "Conntrack expressions". */
export const conntrackKeys: ReadonlySet<string> = new Set(
  (
    'state direction status mark expiration helper label l3proto saddr daddr protocol proto-src proto-dst packets ' +
    'bytes avgpkt zone id event secmark'
  ).split(' '),
);

/** Words that begin a statement and so never are the value that a match compares with. */
export const statementWords: ReadonlySet<string> = new Set(
  (
    'counter accept drop jump goto return continue queue reject masquerade snat dnat redirect log limit quota ' +
    'notrack comment update add delete tproxy dup fwd flow synproxy xt vmap'
  ).split(' '),
);
