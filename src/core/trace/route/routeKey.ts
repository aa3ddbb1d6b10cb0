import type { Address } from '../../address';

/** What a route look-up asks for (struct flowi4, struct flowi6). */
export interface RouteKey {
  readonly destination: Address;
  readonly source?: Address;
  readonly mark: number;
  /** The device it comes in by; `lo`, as of the node's own packets, when left out. */
  readonly inDevice?: string;
  /** The device it has to leave by: of a bound socket, or the scope of a link-local address. */
  readonly outDevice?: string;
  /** IPv6, RT6_LOOKUP_F_IFACE: no route by another device than `outDevice`. */
  readonly strict?: boolean;
  /** IPv6: the device that routes of one prefix and metric are chosen by, without being bound to it. */
  readonly preferred?: string;
  /**
   * IPv6, ip6_route_lookup: asked as a match does it, not for a packet's way. Of a prefix a route by
   * `outDevice` is taken whatever its metric.
   */
  readonly deviceMatch?: boolean;
  /** The TOS byte or traffic class. */
  readonly tos?: number;
  readonly protocol?: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** Why the source port is not known, of a port that the kernel chooses. */
  readonly openPort?: string;
  /** The sender's uid; 0 for what no socket sends. `unknown` where nothing tells. */
  readonly uid?: number | 'unknown';
  /**
   * IPv6, FLOWI_FLAG_KNOWN_NH of raw sockets with a header of their own: an on-link route becomes one
   * for the address alone, so that suppress_prefixlength does not see how short it was.
   */
  readonly knownNextHop?: boolean;
  /** IPv4: no FLOWI_FLAG_ANYSRC, so that the source has to be an address of the node. */
  readonly ownSource?: boolean;
}
