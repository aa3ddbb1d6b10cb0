import type { Address } from './address';

/** TCP header bits, as `--tcp-flags` names them. */
export const tcpFlagBits = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32 } as const;

/** A packet as it enters the node, or leaves a process on it. */
export interface Packet {
  /** As in /etc/protocols: 1 icmp, 6 tcp, 17 udp, 58 icmpv6, 132 sctp. */
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  /** For protocols with ports; for icmp the echo id stands in `sourcePort`. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** tcp: bits of `tcpFlagBits`; a first packet is SYN. */
  readonly flags?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  /** The device it came in by; undefined for a packet that the node itself sends. */
  readonly inInterface?: string;
}
