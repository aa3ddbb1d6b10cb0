/**
 * The recorded answers of a kernel, as the files of a folder hold them (kernel-oracle/README.md):
 * one case a file, with its rule set, its node and its packets.
 */
export interface OracleCase {
  readonly name: string;
  readonly about?: string;
  readonly family?: 4 | 6;
  /** `sequence`: the packets met one loaded copy of the rules, whose counts went on. */
  readonly steps?: string;
  readonly topology: OracleTopology;
  readonly ruleset: string;
  readonly ruleset_nft?: string;
  /** Absent in recordings of nft, whose `ruleset` is what `nft list ruleset` printed. */
  readonly ipset?: string;
  readonly iptables?: readonly OracleTables[];
  readonly addrs: readonly OracleDevice[];
  /** `ip -d addr`, where it was recorded as it is printed. */
  readonly addr_all?: string;
  readonly routes_all: string;
  /** `ip rule`, or `ip -6 rule`. */
  readonly rules_all?: string;
  readonly packets: readonly OracleEntry[];
  /** `ipvsadm -Sn`, of the recordings of IPVS. */
  readonly ipvsadm?: string;
}

/** What iptables saved beside a listing of nft. */
export interface OracleTables {
  readonly backend: 'legacy' | 'nft';
  readonly family: string;
  readonly save: string;
}

export interface OracleSet {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly elements: readonly string[];
}

export interface OracleTopology {
  readonly interfaces: readonly { readonly name: string; readonly kind?: string }[];
  /** Bridges, with the pods on their ports. */
  readonly bridge?: Readonly<Record<string, readonly string[]>>;
  /** All ports of the bridges are in hairpin mode, or none; absent: as the kernel makes them, none. */
  readonly hairpin?: boolean;
  readonly sysctl: Readonly<Record<string, number | string>>;
}

/** The addresses of a device: `10.0.0.1/24`, or as `ip -j addr` has them. */
export interface OracleDevice {
  readonly ifname: string;
  readonly addrs?: readonly (string | OracleAddress)[];
  readonly addr_info?: readonly OracleAddress[];
}

export interface OracleAddress {
  readonly local: string;
  readonly prefixlen: number;
  readonly scope?: string;
}

export interface OracleEntry {
  readonly kind?: string;
  /** Absent where the entry was skipped. */
  readonly packet?: OraclePacket;
  /** Lists of `-m recent` before the packet: addresses by list name. */
  readonly state?: {
    readonly recent?: Readonly<Record<string, readonly string[]>>;
    /** Elements that were added to sets of nft. */
    readonly sets?: readonly OracleSet[];
  };
  /** The kernel chose the source port of the final head. */
  readonly random_sport?: boolean;
  /** Continues the entry before: conntrack, lists and counts kept. */
  readonly keep?: string | boolean;
  /** A command on the node before the packet. */
  readonly run?: string;
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
  /** The pod on a bridge that sends it: `p5` has the device veth5. */
  readonly port?: string;
  readonly src_mac?: string;
  /** Letters of FSRPAU. */
  readonly flags?: string;
  readonly type?: number;
  readonly code?: number;
  readonly tos?: number;
  readonly dscp?: number;
  /** 200 when absent. */
  readonly ttl?: number;
  readonly uid?: number;
  readonly so_mark?: number;
  /** SO_BINDTODEVICE. */
  readonly oif?: string;
  /** The device of a link-local destination. */
  readonly scope?: string;
  /** Sent by an ordinary socket, not a raw one. */
  readonly socket?: unknown;
  readonly ext?: readonly OracleExtension[];
  /** The packet that an ICMP error quotes. */
  readonly inner?: OraclePacket;
}

/** An IPv6 extension header. */
export type OracleExtension =
  | { readonly type: 'hbh' | 'dst'; readonly opts: readonly (readonly [number, string])[] }
  | {
      readonly type: 'rt';
      readonly rtype: number;
      readonly segsleft: number;
      readonly addrs: readonly string[];
    }
  /** `off` counts 8 bytes. */
  | { readonly type: 'frag'; readonly off?: number; readonly more?: number | boolean }
  | { readonly type: 'ah'; readonly spi: number };

export interface OracleStep {
  /** Of nft: the table's. */
  readonly family?: string;
  /** Of nft: an ip_tables rule where it is `legacy`. */
  readonly backend?: string;
  /** Of nft: `jump X`, `accept`, ... */
  readonly verdict?: string;
  readonly table: string;
  readonly chain: string;
  readonly rule: number | 'policy' | 'return';
  readonly hook?: string;
  /** Before the rule's target; absent is 0. */
  readonly mark?: string;
}

/** A packet as the last probe of POSTROUTING or INPUT had it. */
export interface OracleExit {
  readonly hook?: string;
  /** IPVS's recordings: `POSTROUTING:max`. */
  readonly probe?: string;
  readonly in?: string;
  readonly out?: string;
  readonly mark?: string;
  readonly src?: string;
  readonly dst?: string;
  readonly sport?: number;
  readonly dport?: number;
  readonly tuple?: readonly (string | number | null)[];
}

/** The node's own answer to the packet, at a hook that it passes. */
export interface OracleReply {
  readonly at: string;
  readonly kind: string;
  readonly src: string;
  readonly dst: string;
  readonly in?: string;
  readonly out?: string;
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
  /** What got out: `icmp 3/3`, `icmpv6 1/4`, `tcp-rst`. */
  readonly reject_reply?: string | null;
  readonly replies?: readonly OracleReply[];
  readonly socket_tuple?: { readonly src: string; readonly sport: number };
  readonly verdict: 'ACCEPT' | 'DROP' | 'REJECT' | 'LOST';
  readonly delivered?: string;
  /** Of an ICMP error `inner` is text: `10.244.0.44:40898->10.96.0.50:80`. */
  readonly final?: Omit<OraclePacket, 'inner'> & { readonly hl?: number; readonly inner?: string };
  readonly mark?: string;
  /** Prefixes of what was logged, in order. */
  readonly log?: readonly string[];
  /** All exits where there is more than one: over the loopback device, a copy of a multicast packet. */
  readonly seen?: readonly OracleExit[];
  readonly conntrack?: {
    readonly orig: OraclePacket & { readonly id?: number };
    readonly reply: OraclePacket & { readonly id?: number };
    readonly mark?: string;
  };
}

/** One whose packet was sent and answered. */
export type AnsweredEntry = OracleEntry & Required<Pick<OracleEntry, 'packet' | 'answer'>>;
