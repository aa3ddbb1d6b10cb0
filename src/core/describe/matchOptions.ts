import * as l10n from '@vscode/l10n';
/** A match or target of iptables-extensions(8): one sentence, and one for each option. */
export interface Extension {
  readonly sentence: string;
  readonly options: Readonly<Record<string, string>>;
}

const ports = {
  '--sport': l10n.t('The source port, or a range FROM:TO.'),
  '--source-port': l10n.t('The source port, or a range FROM:TO.'),
  '--dport': l10n.t('The destination port, or a range FROM:TO.'),
  '--destination-port': l10n.t('The destination port, or a range FROM:TO.'),
};

const ttl = (field: string, option: string) => ({
  [`--${option}-eq`]: l10n.t`The ${field} is this value.`,
  [`--${option}-lt`]: l10n.t`The ${field} is less than this value.`,
  [`--${option}-gt`]: l10n.t`The ${field} is greater than this value.`,
});

/** The matches, by the name behind `-m`. */
export const matchExtensions: Readonly<Record<string, Extension>> = {
  addrtype: {
    sentence: l10n.t('Asks what kind of address it is, by the routing table of the node.'),
    options: {
      '--src-type': l10n.t('The source address is of one of these types.'),
      '--dst-type': l10n.t('The destination address is of one of these types.'),
      '--limit-iface-in': l10n.t('Looks only at the device that the packet came in by.'),
      '--limit-iface-out': l10n.t('Looks only at the device that the packet leaves by.'),
    },
  },
  bpf: { sentence: l10n.t('Runs a BPF program on the packet.'), options: {} },
  cgroup: {
    sentence: l10n.t('Asks for the control group of the sending process.'),
    options: {
      '--path': l10n.t('The path of the control group, of the sender or of the receiving socket.'),
      '--cgroup': l10n.t('Its classid.'),
    },
  },
  comment: {
    sentence: l10n.t('Carries a comment; matches every packet.'),
    options: { '--comment': l10n.t('The comment, up to 256 characters. It asks nothing.') },
  },
  connlimit: { sentence: l10n.t('Counts connections of a client or a network.'), options: {} },
  connmark: {
    sentence: l10n.t("Asks for bits of the connection's mark, which outlives the packet."),
    options: {
      '--mark': l10n.t('VALUE/MASK: (ctmark & MASK) is VALUE; without MASK the whole mark.'),
    },
  },
  conntrack: {
    sentence: l10n.t('Asks connection tracking about the connection of the packet.'),
    options: {
      '--ctstate': l10n.t('The connection is in one of these states.'),
      '--ctstatus': l10n.t('The connection has one of these statuses.'),
      '--ctproto': l10n.t('The protocol of the connection.'),
      '--ctorigsrc': l10n.t('The source of the first packet, before any NAT.'),
      '--ctorigdst': l10n.t(
        'The destination of the first packet, before any NAT: a ClusterIP still.',
      ),
      '--ctreplsrc': l10n.t('The source of answers: the endpoint, after DNAT.'),
      '--ctrepldst': l10n.t('The destination of answers: the rewritten source, after SNAT.'),
      '--ctorigsrcport': l10n.t('The source port of the first packet.'),
      '--ctorigdstport': l10n.t('The destination port of the first packet.'),
      '--ctreplsrcport': l10n.t('The source port of answers.'),
      '--ctrepldstport': l10n.t('The destination port of answers.'),
      '--ctexpire': l10n.t('Seconds until the entry expires.'),
      '--ctdir': l10n.t('Packets of one direction only, ORIGINAL or REPLY.'),
    },
  },
  state: {
    sentence: l10n.t('The old form of conntrack --ctstate.'),
    options: { '--state': l10n.t('The connection is in one of these states.') },
  },
  dccp: { sentence: l10n.t('Asks for ports of DCCP.'), options: ports },
  dscp: {
    sentence: l10n.t('Asks for the DSCP in the IP header.'),
    options: {
      '--dscp': l10n.t('The six bits as a number.'),
      '--dscp-class': l10n.t('A class by name.'),
    },
  },
  hashlimit: {
    sentence: l10n.t('Limits the rate per client, network or port: one bucket each.'),
    options: {
      '--hashlimit-upto': l10n.t('Matches up to this rate.'),
      '--hashlimit-above': l10n.t('Matches above this rate.'),
      '--hashlimit-burst': l10n.t('How many packets may come at once before the rate counts.'),
      '--hashlimit-mode': l10n.t('What has a bucket of its own: srcip, srcport, dstip, dstport.'),
      '--hashlimit-name': l10n.t('The file in /proc/net/ipt_hashlimit/.'),
      '--hashlimit-htable-expire': l10n.t('Milliseconds until an idle bucket is forgotten.'),
    },
  },
  helper: {
    sentence: l10n.t('Asks for the conntrack helper of the connection.'),
    options: { '--helper': l10n.t('The name of the helper: ftp, sip.') },
  },
  hl: {
    sentence: l10n.t('Asks for the hop limit (IPv6).'),
    options: ttl(l10n.t('hop limit'), 'hl'),
  },
  icmp: {
    sentence: l10n.t('Asks for the ICMP type.'),
    options: { '--icmp-type': l10n.t('TYPE or TYPE/CODE, by number or name.') },
  },
  icmp6: {
    sentence: l10n.t('Asks for the ICMPv6 type.'),
    options: { '--icmpv6-type': l10n.t('TYPE or TYPE/CODE, by number or name.') },
  },
  iprange: {
    sentence: l10n.t('Asks for ranges of addresses.'),
    options: {
      '--src-range': l10n.t('The source is from FROM to TO.'),
      '--dst-range': l10n.t('The destination is from FROM to TO.'),
    },
  },
  ipvs: {
    sentence: l10n.t('Asks IPVS about the connection of the packet; every option implies --ipvs.'),
    options: {
      '--ipvs': l10n.t('The packet belongs to an IPVS connection.'),
      '--vproto': l10n.t('The protocol of the virtual server.'),
      '--vaddr': l10n.t('The address of the virtual server.'),
      '--vport': l10n.t('The port of the virtual server.'),
      '--vdir': l10n.t('The direction: ORIGINAL to the real server, REPLY from it.'),
      '--vmethod': l10n.t('The forwarding method: GATE, IPIP or MASQ.'),
      '--vportctl': l10n.t('The port of the controlling connection, 21 for FTP.'),
    },
  },
  length: {
    sentence: l10n.t('Asks for the length of the packet at layer 3.'),
    options: { '--length': l10n.t('Bytes of the IP packet, header included; a value or a range.') },
  },
  limit: {
    sentence: l10n.t('A bucket of tokens: matches until it is empty.'),
    options: {
      '--limit': l10n.t('The rate at which the bucket fills: 3/hour, 5/second.'),
      '--limit-burst': l10n.t('How many tokens the bucket holds.'),
    },
  },
  mac: {
    sentence: l10n.t("Asks for the sender's MAC address (PREROUTING, INPUT, FORWARD)."),
    options: { '--mac-source': l10n.t('The source MAC address.') },
  },
  mark: {
    sentence: l10n.t(
      'Asks for bits of the packet mark, which lives as long as the packet is in this node.',
    ),
    options: {
      '--mark': l10n.t('VALUE/MASK: (mark & MASK) is VALUE; without MASK the whole mark.'),
    },
  },
  multiport: {
    sentence: l10n.t('Asks for up to 15 ports at once; a range counts as two.'),
    options: {
      '--sports': l10n.t('The source port is one of these.'),
      '--source-ports': l10n.t('The source port is one of these.'),
      '--dports': l10n.t('The destination port is one of these.'),
      '--destination-ports': l10n.t('The destination port is one of these.'),
      '--ports': l10n.t('The source or the destination port is one of these.'),
    },
  },
  nfacct: {
    sentence: l10n.t('Counts in an accounting object; matches every packet.'),
    options: { '--nfacct-name': l10n.t('The object, to be read with nfacct get NAME.') },
  },
  owner: {
    sentence: l10n.t('Asks who sent the packet; only packets of the node itself have an owner.'),
    options: {
      '--uid-owner': l10n.t('The user id, or a range.'),
      '--gid-owner': l10n.t('The group id, or a range.'),
      '--socket-exists': l10n.t('The packet belongs to a socket.'),
      '--suppl-groups': l10n.t('Asks the supplementary groups too.'),
    },
  },
  physdev: {
    sentence: l10n.t('Asks for the bridge port, of packets that pass a bridge.'),
    options: {
      '--physdev-in': l10n.t('The bridge port that the packet came in by.'),
      '--physdev-out': l10n.t('The bridge port that the packet leaves by.'),
      '--physdev-is-in': l10n.t('The packet came in by a bridge port.'),
      '--physdev-is-out': l10n.t('The packet leaves by a bridge port.'),
      '--physdev-is-bridged': l10n.t('The packet is bridged, not routed.'),
    },
  },
  pkttype: {
    sentence: l10n.t('Asks how the packet was addressed on the link.'),
    options: { '--pkt-type': l10n.t('unicast, broadcast or multicast.') },
  },
  policy: { sentence: l10n.t('Asks for the IPsec policy of the packet.'), options: {} },
  quota: { sentence: l10n.t('Matches until a number of bytes is used up.'), options: {} },
  recent: {
    sentence: l10n.t(
      'Keeps lists of addresses that were seen; kube-proxy uses one per endpoint for session affinity.',
    ),
    options: {
      '--name': l10n.t('The list, /proc/net/xt_recent/NAME.'),
      '--set': l10n.t('Puts the address on the list, or renews it. Always matches.'),
      '--rcheck': l10n.t('The address is on the list.'),
      '--update': l10n.t('As --rcheck, and renews the entry when it matches.'),
      '--remove': l10n.t('The address is on the list; removes it.'),
      '--seconds': l10n.t('The address was seen within this many seconds.'),
      '--reap': l10n.t('Forgets entries older than --seconds.'),
      '--hitcount': l10n.t('The address was seen at least this many times.'),
      '--rttl': l10n.t('The TTL is that of the packet that put the address on the list.'),
      '--rsource': l10n.t('The list is of source addresses (the default).'),
      '--rdest': l10n.t('The list is of destination addresses.'),
      '--mask': l10n.t('The mask under which addresses are listed.'),
    },
  },
  rpfilter: {
    sentence: l10n.t(
      'Asks whether an answer would leave by the device that the packet came in by.',
    ),
    options: {
      '--loose': l10n.t('By any device is enough.'),
      '--validmark': l10n.t('Uses the packet mark for the route look-up.'),
      '--accept-local': l10n.t('Lets packets with a local source pass.'),
      '--invert': l10n.t('Matches packets that fail the test.'),
    },
  },
  sctp: {
    sentence: l10n.t('Asks for ports and chunks of SCTP.'),
    options: { ...ports, '--chunk-types': l10n.t('The chunk types that the packet has.') },
  },
  set: {
    sentence: l10n.t('Asks an ipset.'),
    options: {
      '--match-set': l10n.t(
        'NAME and, for each part of an element, src or dst: which side of the packet is looked up. Ports count as parts.',
      ),
      '--return-nomatch': l10n.t('Matches elements flagged nomatch instead.'),
      '--update-counters': l10n.t('Negated: does not count in the element.'),
      '--update-subcounters': l10n.t('Negated: does not count in a member set.'),
      '--packets-eq': l10n.t('The packet counter of the element is this value.'),
      '--packets-lt': l10n.t('The packet counter of the element is less.'),
      '--packets-gt': l10n.t('The packet counter of the element is greater.'),
      '--bytes-eq': l10n.t('The byte counter of the element is this value.'),
      '--bytes-lt': l10n.t('The byte counter of the element is less.'),
      '--bytes-gt': l10n.t('The byte counter of the element is greater.'),
    },
  },
  socket: {
    sentence: l10n.t('Asks whether an open socket takes the packet.'),
    options: {
      '--transparent': l10n.t('Transparent sockets only.'),
      '--nowildcard': l10n.t('Sockets bound to any address count too.'),
      '--restore-skmark': l10n.t("Gives the packet the socket's mark."),
    },
  },
  statistic: {
    sentence: l10n.t('Matches by chance, or every n-th packet.'),
    options: {
      '--mode': l10n.t('random, or nth.'),
      '--probability': l10n.t(
        'The chance, 0 to 1, of a packet that reaches this rule; kept in steps of 1/2147483648.',
      ),
      '--every': l10n.t('One of every n packets that reach this rule.'),
      '--packet': l10n.t('Which of them: the counter begins here, 0 to n-1.'),
    },
  },
  string: { sentence: l10n.t('Looks for bytes in the packet.'), options: {} },
  tcp: {
    sentence: l10n.t('Asks for ports and flags of TCP.'),
    options: {
      ...ports,
      '--tcp-flags': l10n.t(
        'Two lists: of the flags in the first, exactly those in the second are set.',
      ),
      '--syn': l10n.t('SYN is set; RST, ACK and FIN are not: a connection request.'),
      '--tcp-option': l10n.t('The TCP option of this number is present.'),
    },
  },
  time: { sentence: l10n.t('Asks for the time of the day or the date.'), options: {} },
  tos: {
    sentence: l10n.t('Asks for the TOS byte of the IP header.'),
    options: { '--tos': l10n.t('VALUE/MASK, or a name.') },
  },
  ttl: { sentence: l10n.t('Asks for the time to live (IPv4).'), options: ttl('TTL', 'ttl') },
  u32: { sentence: l10n.t('Computes with bytes of the packet.'), options: {} },
  udp: { sentence: l10n.t('Asks for ports of UDP.'), options: ports },
  udplite: { sentence: l10n.t('Asks for ports of UDP-Lite.'), options: ports },
};
