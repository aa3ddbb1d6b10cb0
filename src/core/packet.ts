import type { Address } from './address';

/** TCP header bits, as `--tcp-flags` names them. */
export const tcpFlagBits = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32 } as const;

/** The protocol numbers that have a meaning of their own here (/etc/protocols). */
export const protocolNumbers = {
  icmp: 1,
  tcp: 6,
  udp: 17,
  esp: 50,
  ah: 51,
  icmp6: 58,
  sctp: 132,
  mobility: 135,
  udplite: 136,
} as const;

/** One IPv6 extension header (RFC 8200), in the order in which they stand before the payload. */
export type ExtensionHeader =
  | { readonly kind: 'hop-by-hop' | 'destination'; readonly options: readonly HeaderOption[] }
  | {
      readonly kind: 'routing';
      /** 0 source route, 2 Mobile IPv6, 4 segment routing. */
      readonly type: number;
      readonly segmentsLeft: number;
      readonly addresses: readonly Address[];
    }
  /** The offset counts 8 bytes. */
  | {
      readonly kind: 'fragment';
      readonly offset: number;
      readonly more: boolean;
      readonly id?: number;
    }
  | { readonly kind: 'authentication'; readonly spi: number };

/** An option of a hop-by-hop or destination header; padding (0 and 1) is one. */
export interface HeaderOption {
  readonly type: number;
  readonly data: readonly number[];
}

/** The packet that an ICMP error is about, as the error quotes it. */
export interface InnerPacket {
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  /** For icmp the echo id. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
}

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
  /** Of an ICMP error. */
  readonly inner?: InnerPacket;
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
  /** The device that its socket is bound to (SO_BINDTODEVICE), or the scope of a link-local address. */
  readonly boundDevice?: string;
  /**
   * The kernel's own answer to another packet, sent for nobody (uid 0): with the source of the route that
   * was looked up without one (icmp_route_lookup, ip6_dst_lookup_tail), or with a source of its own.
   */
  readonly answers?: 'from the route' | 'from its own source';
  /** The port of the bridge `inInterface` that the frame came in by. */
  readonly bridgePort?: string;
  readonly extensions?: readonly ExtensionHeader[];
  /** Of a mobility header (135). */
  readonly mobilityType?: number;
  /** The SPI of esp, and of ah as the protocol of IPv4. */
  readonly securityIndex?: number;
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

/** ICMP types that quote the packet that they are about and that conntrack and IPVS look into. */
export function isIcmpError(packet: Packet): boolean {
  const { protocol } = packet;
  const { icmp, icmp6 } = protocolNumbers;
  if (protocol === icmp) return [3, 4, 5, 11, 12].includes(icmpTypeOf(packet));
  return protocol === icmp6 && icmpTypeOf(packet) < 128;
}

/** The type of an ICMP packet: an echo request's where none is told. */
export function icmpTypeOf({ protocol, icmpType }: Packet): number {
  return icmpType ?? (protocol === protocolNumbers.icmp ? 8 : 128);
}
