import type { Address } from './address';

/** TCP header bits, as `--tcp-flags` names them. */
export const tcpFlagBits = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32 } as const;

/** The protocol numbers that have a meaning of their own here (/etc/protocols). */
export const protocolNumbers = {
  icmp: 1,
  tcp: 6,
  udp: 17,
  icmp6: 58,
  sctp: 132,
  udplite: 136,
} as const;

/** A packet as it enters the node, or leaves a process on it. */
export interface Packet {
  /** As in /etc/protocols: 1 icmp, 6 tcp, 17 udp, 58 icmpv6, 132 sctp. */
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  /** For protocols with ports; for icmp the echo id stands in `sourcePort`. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** tcp: bits of `tcpFlagBits`; undefined is a first packet, SYN. */
  readonly flags?: number;
  /** Undefined is an echo request: 8, for icmp6 128. */
  readonly icmpType?: number;
  readonly icmpCode?: number;
  /** The device it came in by; undefined for a packet that the node itself sends. */
  readonly inInterface?: string;
  /** Bytes of the IP packet, header included; undefined: not known. */
  readonly length?: number;
  /** As it enters; undefined: not known. */
  readonly ttl?: number;
  /** The TOS byte, or the traffic class; undefined is 0. */
  readonly tos?: number;
  /** True for the second and later fragments. */
  readonly fragment?: boolean;
  /** Of the frame it came in: lower case, with colons. */
  readonly sourceMac?: string;
  /** The process that sends it, for a packet of the node itself; undefined: not known. */
  readonly owner?: PacketOwner;
}

export interface PacketOwner {
  readonly uid: number;
  readonly gid: number;
  /**
   * A raw socket with a header of its own: routed by its destination only at first
   * (net/ipv4/raw.c, raw_sendmsg), where an ordinary socket is routed with its source address.
   */
  readonly rawSocket?: boolean;
}
