/**
 * The recorded answers of a kernel, as the files of a folder hold them (kernel-oracle/README.md):
 * one case a file, with its rule set, its node and its packets.
 */
export interface OracleCase {
  readonly name: string;
  readonly topology: {
    readonly interfaces: readonly { readonly name: string }[];
    /** Bridges, with the pods on their ports. */
    readonly bridge?: Readonly<Record<string, readonly string[]>>;
    readonly sysctl: Readonly<Record<string, number | string>>;
  };
  readonly ruleset: string;
  readonly ruleset_nft?: string;
  readonly ipset: string;
  readonly addrs: readonly { readonly ifname: string; readonly addrs: readonly string[] }[];
  readonly routes_all: string;
  readonly packets: readonly OracleEntry[];
  /** `ipvsadm -Sn`, of the recordings of IPVS. */
  readonly ipvsadm?: string;
}

export interface OracleEntry {
  readonly kind?: string;
  /** Absent where the entry was skipped. */
  readonly packet?: OraclePacket;
  /** Lists of `-m recent` before the packet: addresses by list name. */
  readonly state?: { readonly recent?: Readonly<Record<string, readonly string[]>> };
  /** Continues the entry before: conntrack, lists and counts kept. */
  readonly keep?: string | boolean;
  readonly random?: boolean;
  /** Absent where the entry was skipped. */
  readonly answer?: OracleAnswer;
  readonly samples?: readonly { readonly count: number; readonly answer: OracleAnswer }[];
  readonly endpoints?: Readonly<Record<string, number>>;
  readonly nft?: string | OracleAnswer;
}

export interface OraclePacket {
  readonly proto: string;
  /** Absent: the kernel chooses it for an ordinary socket. */
  readonly src?: string;
  readonly sport?: number;
  readonly dst: string;
  readonly dport?: number;
  /** Absent: sent by the node itself. */
  readonly in?: string;
  /** Letters of FSRPAU. */
  readonly flags?: string;
  readonly type?: number;
  readonly code?: number;
  /** Sent by an ordinary socket, not a raw one. */
  readonly socket?: unknown;
}

export interface OracleStep {
  readonly table: string;
  readonly chain: string;
  readonly rule: number | 'policy' | 'return';
  readonly hook?: string;
  /** Before the rule's target; absent is 0. */
  readonly mark?: string;
}

export interface OracleAnswer {
  readonly path: readonly OracleStep[];
  /** What IPVS did after `path`; absent: it let the packet pass. */
  readonly ipvs?: {
    readonly hook: string;
    readonly direction: 'in' | 'out';
    readonly reinjected?: boolean;
    readonly virtual: string;
    readonly real: string | null;
  };
  readonly path_after_ipvs?: readonly OracleStep[];
  /** IPVS, not a rule, rejected or dropped. */
  readonly by?: 'ipvs';
  /** Whether the source was translated, by a rule of this packet or as the first one's was. */
  readonly masquerade?: 'rule' | 'conntrack' | false;
  readonly reject_reply?: string | null;
  readonly socket_tuple?: { readonly src: string; readonly sport: number };
  readonly verdict: 'ACCEPT' | 'DROP' | 'REJECT' | 'LOST';
  readonly delivered?: string;
  readonly final?: OraclePacket;
  readonly mark?: string;
}
