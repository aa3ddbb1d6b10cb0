import type { Address } from '../address';
import type { Interval } from '../rules/match';
import type { Truth } from '../truth';

/** One direction of a connection, as `conntrack -L` prints it. */
export interface Tuple {
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  /** For icmp the id stands here in both directions. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** The kernel chose the destination port of the reply direction at random among these. */
  readonly destinationPorts?: readonly Interval[];
}

/** An entry of the connection table (include/net/netfilter/nf_conntrack.h). */
export interface Connection {
  readonly original: Tuple;
  /** What a reply looks like when it arrives: the inverse of `original` but for NAT. */
  readonly reply: Tuple;
  readonly mark: number;
  readonly confirmed: boolean;
  readonly seenReply: boolean;
  readonly assured: Truth;
  readonly sourceNat: boolean;
  readonly destinationNat: boolean;
  /** nat was asked already (or a null binding made), so that its chains are not asked again. */
  readonly sourceDone: boolean;
  readonly destinationDone: boolean;
  /** icmp: the type and code of the packet that opened it. */
  readonly icmp?: { readonly type: number; readonly code: number };
}

/** The hits of each address (as `formatAddress` writes it) in one list of `-m recent`. */
export type RecentList = ReadonlyMap<string, number>;

/** What the node remembers when a packet comes: all that rules ask for and no dump holds. */
export interface FlowState {
  /** Connections that the packet may belong to; none: it opens a new one. */
  readonly connections?: readonly Connection[];
  /** By list name; undefined: not known, so that the trace branches. */
  readonly recent?: ReadonlyMap<string, RecentList>;
  /**
   * How often each `nth` and `limit` rule was asked since the rules were loaded, by
   * `table/chain/rule/match`; undefined: not known. An empty map is a node just set up.
   */
  readonly counters?: ReadonlyMap<string, number>;
  /** Branch decisions taken for earlier packets, so that a later one does not contradict them. */
  readonly facts?: ReadonlyMap<string, boolean>;
}
