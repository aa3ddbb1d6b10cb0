import type { Address } from '../address';
import type { RealServer, VirtualServer } from '../ipvs/state';
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
  /** tcp: opened by a SYN, so that the client may only go on after the answer (SYN_SENT). */
  readonly synSent?: boolean;
  /** tcp: who has sent a FIN; after both a SYN opens the connection anew (TIME_WAIT). */
  readonly finished?: 'original' | 'reply' | 'both';
  /** icmp: the type and code of the packet that opened it. */
  readonly icmp?: { readonly type: number; readonly code: number };
}

/** A connection that IPVS has given to a real server (struct ip_vs_conn, include/net/ip_vs.h). */
export interface IpvsFlow {
  readonly protocol: number;
  readonly client: Address;
  readonly clientPort?: number;
  /** Where the client sent it. */
  readonly address: Address;
  readonly port?: number;
  readonly virtual: VirtualServer;
  readonly real: RealServer;
  /** The real server's port; that of the packet where the real server's row has 0. */
  readonly realPort?: number;
  /** IP_VS_CONN_F_NFCT: the connection stays tracked (net.ipv4.vs.conntrack=1 when it was made). */
  readonly tracked: boolean;
  /** tcp: who has sent a FIN; both is TIME_WAIT. */
  readonly finished: 'none' | 'client' | 'server' | 'both';
}

/** The hits of each address (as `formatAddress` writes it) in one list of `-m recent`. */
export type RecentList = ReadonlyMap<string, number>;

/** What the node remembers when a packet comes: all that rules ask for and no dump holds. */
export interface FlowState {
  /** Connections that the packet may belong to; none: it opens a new one. */
  readonly connections?: readonly Connection[];
  /** Connections of IPVS that the packet may belong to. */
  readonly ipvs?: readonly IpvsFlow[];
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
