import type { Facts } from '../facts';
import type { Address } from '../../address';
import type { ConntrackZone } from '../../connections';
import type { RealServer, VirtualServer } from '../../ipvs/state';
import type { SourceRange } from '../../source';
import type { Interval } from '../../rules/optionValue';
import type { Value } from '../../rules/value';
import type { Truth } from '../../truth';
import type { IpvsTcpState } from '../ipvs/tcpState';
import type { TcpTracking } from './tcpTracking';

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
  /** None: the one that packets without a rule have. */
  readonly zone?: ConntrackZone;
  readonly confirmed: boolean;
  readonly seenReply: boolean;
  readonly assured: Truth;
  readonly sourceNat: boolean;
  readonly destinationNat: boolean;
  /** nat was asked already (or a null binding made), so that its chains are not asked again. */
  readonly sourceDone: boolean;
  readonly destinationDone: boolean;
  /** The device whose address MASQUERADE gave it (nf_conn_nat.masq_index). */
  readonly masqueradedBy?: string;
  readonly tcp?: TcpTracking;
  /** icmp: the type and code of the packet that opened it. */
  readonly icmp?: { readonly type: number; readonly code: number };
  /** Its line in a dump of conntrack's table. */
  readonly range?: SourceRange;
}

/** What the entry of a first packet is before anything has been done to it (nf_conntrack_alloc). */
export const unconfirmed = {
  mark: 0,
  confirmed: false,
  seenReply: false,
  assured: false,
  sourceNat: false,
  destinationNat: false,
  sourceDone: false,
  destinationDone: false,
} as const satisfies Partial<Connection>;

/** A connection that IPVS has given to a real server (struct ip_vs_conn, include/net/ip_vs.h). */
export interface IpvsFlow {
  readonly protocol: number;
  readonly client: Address;
  readonly clientPort?: number;
  /** Where the client sent it. */
  readonly address: Address;
  readonly port?: number;
  /** As it was when the connection was made: it may be gone from the dump of now. */
  readonly virtual: VirtualServer;
  readonly real: RealServer;
  /** The real server's port; that of the packet where the real server's row has 0. */
  readonly realPort?: number;
  /** IP_VS_CONN_F_NFCT: the connection stays tracked (net.ipv4.vs.conntrack=1 when it was made). */
  readonly tracked: boolean;
  /** tcp: as `ipvsadm -Lnc` shows it. */
  readonly tcpState: IpvsTcpState;
  /** A template of a persistent client made it (cp->control). */
  readonly controlled: boolean;
  /** IP_VS_CONN_F_ONE_PACKET (`-o`, udp): it is never put into the table, and its answers are not known. */
  readonly onePacket: boolean;
  /** The server's answers come by this node though it is not masqueraded (no IP_VS_CONN_F_NOOUTPUT). */
  readonly answered: boolean;
  /** Whether ActiveConn and InActConn of the dump count it already; else it was made since. */
  readonly counted: boolean;
  /** Its row in `ipvsadm -Lnc`, where a dump has it. */
  readonly range?: SourceRange;
}

/** What binds a persistent client to a real server (ip_vs_sched_persist's template). */
export interface IpvsTemplate {
  /** 0 for a firewall mark's. */
  readonly protocol: number;
  /** Masked by the virtual server's netmask. */
  readonly client: Address;
  readonly virtual: VirtualServer;
  /** 0 where the virtual server takes all ports. */
  readonly port: number;
  readonly real: RealServer;
  /** Its row in `ipvsadm -Lnc`, where a dump has it. */
  readonly range?: SourceRange;
}

/**
 * A list of `-m recent`, or a set of nft that rules change: how often each key was put in. A key of
 * recent is the address as `formatAddress` writes it, of a set its parts joined by ` . `.
 */
export type DynamicList = ReadonlyMap<string, number>;

/** What the node remembers when a packet comes: all that rules ask for and no dump holds. */
export interface FlowState {
  /** Connections that the packet may belong to; none: it opens a new one. */
  readonly connections?: readonly Connection[];
  /** Connections of IPVS that the packet may belong to. */
  readonly ipvs?: readonly IpvsFlow[];
  /** Persistent clients that IPVS has bound to a real server. */
  readonly ipvsTemplates?: readonly IpvsTemplate[];
  /**
   * By name: `recent X`, `set ip kube-proxy X`; undefined: not known, so that the trace branches. A
   * set that is not among them has the elements of the dump.
   */
  readonly lists?: ReadonlyMap<string, DynamicList>;
  /** What rules put into maps of nft, by list and key. */
  readonly written?: ReadonlyMap<string, readonly Value[]>;
  /**
   * How often each `nth`, `limit` and `numgen inc` was asked since the rules were loaded, and the
   * bytes that a quota has let pass, by `[family ]table/chain/rule/statement`; undefined: not known.
   * An empty map is a node just set up.
   */
  readonly counters?: ReadonlyMap<string, number>;
  /** Branch decisions taken for earlier packets, so that a later one does not contradict them. */
  readonly facts?: Facts;
}
