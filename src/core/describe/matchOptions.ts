/** A match or target of iptables-extensions(8): one sentence, and one for each option. */
export interface Extension {
  readonly sentence: string;
  readonly options: Readonly<Record<string, string>>;
}

const ports = {
  '--sport': 'The source port, or a range FROM:TO.',
  '--source-port': 'The source port, or a range FROM:TO.',
  '--dport': 'The destination port, or a range FROM:TO.',
  '--destination-port': 'The destination port, or a range FROM:TO.',
};

const ttl = (field: string, option: string) => ({
  [`--${option}-eq`]: `The ${field} is this value.`,
  [`--${option}-lt`]: `The ${field} is less than this value.`,
  [`--${option}-gt`]: `The ${field} is greater than this value.`,
});

/** The matches, by the name behind `-m`. */
export const matchExtensions: Readonly<Record<string, Extension>> = {
  addrtype: {
    sentence: 'Asks what kind of address it is, by the routing table of the node.',
    options: {
      '--src-type': 'The source address is of one of these types.',
      '--dst-type': 'The destination address is of one of these types.',
      '--limit-iface-in': 'Looks only at the device that the packet came in by.',
      '--limit-iface-out': 'Looks only at the device that the packet leaves by.',
    },
  },
  bpf: { sentence: 'Runs a BPF program on the packet.', options: {} },
  cgroup: {
    sentence: 'Asks for the control group of the sending process.',
    options: {
      '--path': 'The path of the control group, of the sender or of the receiving socket.',
      '--cgroup': 'Its classid.',
    },
  },
  comment: {
    sentence: 'Carries a comment; matches every packet.',
    options: { '--comment': 'The comment, up to 256 characters. It asks nothing.' },
  },
  connlimit: { sentence: 'Counts connections of a client or a network.', options: {} },
  connmark: {
    sentence: "Asks for bits of the connection's mark, which outlives the packet.",
    options: { '--mark': 'VALUE/MASK: (ctmark & MASK) is VALUE; without MASK the whole mark.' },
  },
  conntrack: {
    sentence: 'Asks connection tracking about the connection of the packet.',
    options: {
      '--ctstate': 'The connection is in one of these states.',
      '--ctstatus': 'The connection has one of these statuses.',
      '--ctproto': 'The protocol of the connection.',
      '--ctorigsrc': 'The source of the first packet, before any NAT.',
      '--ctorigdst': 'The destination of the first packet, before any NAT: a ClusterIP still.',
      '--ctreplsrc': 'The source of answers: the endpoint, after DNAT.',
      '--ctrepldst': 'The destination of answers: the rewritten source, after SNAT.',
      '--ctorigsrcport': 'The source port of the first packet.',
      '--ctorigdstport': 'The destination port of the first packet.',
      '--ctreplsrcport': 'The source port of answers.',
      '--ctrepldstport': 'The destination port of answers.',
      '--ctexpire': 'Seconds until the entry expires.',
      '--ctdir': 'Packets of one direction only, ORIGINAL or REPLY.',
    },
  },
  state: {
    sentence: 'The old form of conntrack --ctstate.',
    options: { '--state': 'The connection is in one of these states.' },
  },
  dccp: { sentence: 'Asks for ports of DCCP.', options: ports },
  dscp: {
    sentence: 'Asks for the DSCP in the IP header.',
    options: { '--dscp': 'The six bits as a number.', '--dscp-class': 'A class by name.' },
  },
  hashlimit: {
    sentence: 'Limits the rate per client, network or port: one bucket each.',
    options: {
      '--hashlimit-upto': 'Matches up to this rate.',
      '--hashlimit-above': 'Matches above this rate.',
      '--hashlimit-burst': 'How many packets may come at once before the rate counts.',
      '--hashlimit-mode': 'What has a bucket of its own: srcip, srcport, dstip, dstport.',
      '--hashlimit-name': 'The file in /proc/net/ipt_hashlimit/.',
      '--hashlimit-htable-expire': 'Milliseconds until an idle bucket is forgotten.',
    },
  },
  helper: {
    sentence: 'Asks for the conntrack helper of the connection.',
    options: { '--helper': 'The name of the helper: ftp, sip.' },
  },
  hl: { sentence: 'Asks for the hop limit (IPv6).', options: ttl('hop limit', 'hl') },
  icmp: {
    sentence: 'Asks for the ICMP type.',
    options: { '--icmp-type': 'TYPE or TYPE/CODE, by number or name.' },
  },
  icmp6: {
    sentence: 'Asks for the ICMPv6 type.',
    options: { '--icmpv6-type': 'TYPE or TYPE/CODE, by number or name.' },
  },
  iprange: {
    sentence: 'Asks for ranges of addresses.',
    options: {
      '--src-range': 'The source is from FROM to TO.',
      '--dst-range': 'The destination is from FROM to TO.',
    },
  },
  ipvs: {
    sentence: 'Asks IPVS about the connection of the packet; every option implies --ipvs.',
    options: {
      '--ipvs': 'The packet belongs to an IPVS connection.',
      '--vproto': 'The protocol of the virtual server.',
      '--vaddr': 'The address of the virtual server.',
      '--vport': 'The port of the virtual server.',
      '--vdir': 'The direction: ORIGINAL to the real server, REPLY from it.',
      '--vmethod': 'The forwarding method: GATE, IPIP or MASQ.',
      '--vportctl': 'The port of the controlling connection, 21 for FTP.',
    },
  },
  length: {
    sentence: 'Asks for the length of the packet at layer 3.',
    options: { '--length': 'Bytes of the IP packet, header included; a value or a range.' },
  },
  limit: {
    sentence: 'A bucket of tokens: matches until it is empty.',
    options: {
      '--limit': 'The rate at which the bucket fills: 3/hour, 5/second.',
      '--limit-burst': 'How many tokens the bucket holds.',
    },
  },
  mac: {
    sentence: "Asks for the sender's MAC address (PREROUTING, INPUT, FORWARD).",
    options: { '--mac-source': 'The source MAC address.' },
  },
  mark: {
    sentence:
      'Asks for bits of the packet mark, which lives as long as the packet is in this node.',
    options: { '--mark': 'VALUE/MASK: (mark & MASK) is VALUE; without MASK the whole mark.' },
  },
  multiport: {
    sentence: 'Asks for up to 15 ports at once; a range counts as two.',
    options: {
      '--sports': 'The source port is one of these.',
      '--source-ports': 'The source port is one of these.',
      '--dports': 'The destination port is one of these.',
      '--destination-ports': 'The destination port is one of these.',
      '--ports': 'The source or the destination port is one of these.',
    },
  },
  nfacct: {
    sentence: 'Counts in an accounting object; matches every packet.',
    options: { '--nfacct-name': 'The object, to be read with nfacct get NAME.' },
  },
  owner: {
    sentence: 'Asks who sent the packet; only packets of the node itself have an owner.',
    options: {
      '--uid-owner': 'The user id, or a range.',
      '--gid-owner': 'The group id, or a range.',
      '--socket-exists': 'The packet belongs to a socket.',
      '--suppl-groups': 'Asks the supplementary groups too.',
    },
  },
  physdev: {
    sentence: 'Asks for the bridge port, of packets that pass a bridge.',
    options: {
      '--physdev-in': 'The bridge port that the packet came in by.',
      '--physdev-out': 'The bridge port that the packet leaves by.',
      '--physdev-is-in': 'The packet came in by a bridge port.',
      '--physdev-is-out': 'The packet leaves by a bridge port.',
      '--physdev-is-bridged': 'The packet is bridged, not routed.',
    },
  },
  pkttype: {
    sentence: 'Asks how the packet was addressed on the link.',
    options: { '--pkt-type': 'unicast, broadcast or multicast.' },
  },
  policy: { sentence: 'Asks for the IPsec policy of the packet.', options: {} },
  quota: { sentence: 'Matches until a number of bytes is used up.', options: {} },
  recent: {
    sentence:
      'Keeps lists of addresses that were seen; kube-proxy uses one per endpoint for session affinity.',
    options: {
      '--name': 'The list, /proc/net/xt_recent/NAME.',
      '--set': 'Puts the address on the list, or renews it. Always matches.',
      '--rcheck': 'The address is on the list.',
      '--update': 'As --rcheck, and renews the entry when it matches.',
      '--remove': 'The address is on the list; removes it.',
      '--seconds': 'The address was seen within this many seconds.',
      '--reap': 'Forgets entries older than --seconds.',
      '--hitcount': 'The address was seen at least this many times.',
      '--rttl': 'The TTL is that of the packet that put the address on the list.',
      '--rsource': 'The list is of source addresses (the default).',
      '--rdest': 'The list is of destination addresses.',
      '--mask': 'The mask under which addresses are listed.',
    },
  },
  rpfilter: {
    sentence: 'Asks whether an answer would leave by the device that the packet came in by.',
    options: {
      '--loose': 'By any device is enough.',
      '--validmark': 'Uses the packet mark for the route look-up.',
      '--accept-local': 'Lets packets with a local source pass.',
      '--invert': 'Matches packets that fail the test.',
    },
  },
  sctp: {
    sentence: 'Asks for ports and chunks of SCTP.',
    options: { ...ports, '--chunk-types': 'The chunk types that the packet has.' },
  },
  set: {
    sentence: 'Asks an ipset.',
    options: {
      '--match-set':
        'NAME and, for each part of an element, src or dst: which side of the packet is looked up. Ports count as parts.',
      '--return-nomatch': 'Matches elements flagged nomatch instead.',
      '--update-counters': 'Negated: does not count in the element.',
      '--update-subcounters': 'Negated: does not count in a member set.',
      '--packets-eq': 'The packet counter of the element is this value.',
      '--packets-lt': 'The packet counter of the element is less.',
      '--packets-gt': 'The packet counter of the element is greater.',
      '--bytes-eq': 'The byte counter of the element is this value.',
      '--bytes-lt': 'The byte counter of the element is less.',
      '--bytes-gt': 'The byte counter of the element is greater.',
    },
  },
  socket: {
    sentence: 'Asks whether an open socket takes the packet.',
    options: {
      '--transparent': 'Transparent sockets only.',
      '--nowildcard': 'Sockets bound to any address count too.',
      '--restore-skmark': "Gives the packet the socket's mark.",
    },
  },
  statistic: {
    sentence: 'Matches by chance, or every n-th packet.',
    options: {
      '--mode': 'random, or nth.',
      '--probability':
        'The chance, 0 to 1, of a packet that reaches this rule; kept in steps of 1/2147483648.',
      '--every': 'One of every n packets that reach this rule.',
      '--packet': 'Which of them: the counter begins here, 0 to n-1.',
    },
  },
  string: { sentence: 'Looks for bytes in the packet.', options: {} },
  tcp: {
    sentence: 'Asks for ports and flags of TCP.',
    options: {
      ...ports,
      '--tcp-flags': 'Two lists: of the flags in the first, exactly those in the second are set.',
      '--syn': 'SYN is set; RST, ACK and FIN are not: a connection request.',
      '--tcp-option': 'The TCP option of this number is present.',
    },
  },
  time: { sentence: 'Asks for the time of the day or the date.', options: {} },
  tos: {
    sentence: 'Asks for the TOS byte of the IP header.',
    options: { '--tos': 'VALUE/MASK, or a name.' },
  },
  ttl: { sentence: 'Asks for the time to live (IPv4).', options: ttl('TTL', 'ttl') },
  u32: { sentence: 'Computes with bytes of the packet.', options: {} },
  udp: { sentence: 'Asks for ports of UDP.', options: ports },
  udplite: { sentence: 'Asks for ports of UDP-Lite.', options: ports },
};
