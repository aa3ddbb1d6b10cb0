import type { Address, Network } from '../address';
import type { SourceRange } from '../source';
import type { ExtensionMatch } from './extensionMatch';
import type { Interval, MaskedNumber, Negatable } from './optionValue';

export interface AddressInterval {
  readonly from: Address;
  readonly to: Address;
}

export type Direction = 'src' | 'dst';

/** `eth+` is the name `eth` with `wildcard`; iptables(8): "ends in a +, any that begins with it". */
export interface InterfacePattern {
  readonly name: string;
  readonly wildcard: boolean;
}

interface MatchBase {
  /** The option or the `-m NAME` with its options. */
  readonly range: SourceRange;
}

/** `-p tcp`; 0 is "all". Protocol numbers as in /etc/protocols. */
export interface ProtocolMatch extends MatchBase {
  readonly kind: 'protocol';
  readonly protocol: number;
  readonly negated: boolean;
}

/** `-s`, `-d`: networks of one option are alternatives (`-s a,b`, `iptables -L` prints one). */
export interface AddressMatch extends MatchBase {
  readonly kind: 'source' | 'destination';
  readonly network: Network;
  readonly negated: boolean;
}

/** `-i`, `-o`. */
export interface InterfaceMatch extends MatchBase {
  readonly kind: 'in-interface' | 'out-interface';
  readonly pattern: InterfacePattern;
  readonly negated: boolean;
}

/** `-f`: the second and later fragments. */
export interface FragmentMatch extends MatchBase {
  readonly kind: 'fragment';
  readonly negated: boolean;
}

/** `-m tcp`, `-m udp`, `-m sctp`, `-m dccp`, `-m udplite`; a bare `-m tcp` asks for the protocol. */
export interface PortMatch extends MatchBase {
  readonly kind: 'tcp' | 'udp' | 'udplite' | 'sctp' | 'dccp';
  readonly sport?: Negatable<Interval>;
  readonly dport?: Negatable<Interval>;
  /** tcp: `--tcp-flags MASK COMP`, bits as in the TCP header (FIN 1 ... URG 32); `--syn` too. */
  readonly flags?: Negatable<{ readonly mask: number; readonly set: number }>;
  /** Options that are read but not modelled, as written: `--tcp-option` of tcp, `--chunk-types` of sctp. */
  readonly unmodelled?: string;
}

/** `-m icmp --icmp-type 8/0`; type 255 is "any" (xt_tcpudp.c, icmp_match). */
export interface IcmpMatch extends MatchBase {
  readonly kind: 'icmp' | 'icmp6';
  readonly type: number;
  readonly codes: Interval;
  readonly negated: boolean;
}

/** `-m comment`: always true. */
export interface CommentMatch extends MatchBase {
  readonly kind: 'comment';
  readonly text: string;
}

/** `-m mark --mark VALUE[/MASK]`, `-m connmark`: (mark & mask) == value (xt_mark.c). */
export interface MarkMatch extends MatchBase {
  readonly kind: 'mark' | 'connmark';
  readonly value: number;
  readonly mask: number;
  readonly negated: boolean;
}

export type ConntrackState =
  'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID' | 'UNTRACKED' | 'SNAT' | 'DNAT';

export type ConntrackStatus = 'NONE' | 'EXPECTED' | 'SEEN_REPLY' | 'ASSURED' | 'CONFIRMED';

/** `-m conntrack` and `-m state` (which has only `states`). */
export interface ConntrackMatch extends MatchBase {
  readonly kind: 'conntrack';
  readonly states?: Negatable<readonly ConntrackState[]>;
  readonly statuses?: Negatable<readonly ConntrackStatus[]>;
  readonly protocol?: Negatable<number>;
  readonly originalSource?: Negatable<Network>;
  readonly originalDestination?: Negatable<Network>;
  readonly replySource?: Negatable<Network>;
  readonly replyDestination?: Negatable<Network>;
  readonly originalSourcePort?: Negatable<Interval>;
  readonly originalDestinationPort?: Negatable<Interval>;
  readonly replySourcePort?: Negatable<Interval>;
  readonly replyDestinationPort?: Negatable<Interval>;
  /** Seconds until the entry expires. */
  readonly expire?: Negatable<Interval>;
  readonly direction?: 'ORIGINAL' | 'REPLY';
}

export type AddressType =
  | 'UNSPEC'
  | 'UNICAST'
  | 'LOCAL'
  | 'BROADCAST'
  | 'ANYCAST'
  | 'MULTICAST'
  | 'BLACKHOLE'
  | 'UNREACHABLE'
  | 'PROHIBIT'
  | 'THROW'
  | 'NAT'
  | 'XRESOLVE';

/** `-m addrtype`. */
export interface AddressTypeMatch extends MatchBase {
  readonly kind: 'addrtype';
  readonly source?: Negatable<readonly AddressType[]>;
  readonly destination?: Negatable<readonly AddressType[]>;
  readonly limitIn: boolean;
  readonly limitOut: boolean;
}

/** `-m set --match-set NAME dst,dst`. */
export interface SetMatch extends MatchBase {
  readonly kind: 'set';
  readonly name: string;
  readonly directions: readonly Direction[];
  readonly negated: boolean;
  /** `--return-nomatch`: true also for an element with the nomatch flag. */
  readonly returnNomatch: boolean;
  /** `--packets-eq` and the like, as written: they test counters that no dump predicts. */
  readonly counterTests?: string;
}

/** `-m multiport`. */
export interface MultiportMatch extends MatchBase {
  readonly kind: 'multiport';
  readonly side: 'source' | 'destination' | 'either';
  readonly ports: readonly Interval[];
  readonly negated: boolean;
}

/** `-m statistic`. */
export interface StatisticMatch extends MatchBase {
  readonly kind: 'statistic';
  readonly mode:
    | { readonly random: number }
    /** True once every `every` packets, first after `packet` of them (xt_statistic.c). */
    | { readonly every: number; readonly packet: number };
  readonly negated: boolean;
}

/** `-m recent`. */
export interface RecentMatch extends MatchBase {
  readonly kind: 'recent';
  readonly action: 'set' | 'rcheck' | 'update' | 'remove';
  readonly name: string;
  readonly side: 'source' | 'destination';
  readonly mask?: Address;
  readonly seconds?: number;
  readonly hitcount?: number;
  readonly reap: boolean;
  /** `--rttl`. */
  readonly ttl: boolean;
  readonly negated: boolean;
}

/** `-m limit`, `-m hashlimit`: the rate as written, since no dump holds the bucket's level. */
export interface LimitMatch extends MatchBase {
  readonly kind: 'limit' | 'hashlimit';
  /** As written: `3/min burst 5`, or hashlimit's options. */
  readonly text: string;
  /** Packets that a full bucket lets through; undefined where it holds bytes, or is not shown. */
  readonly burst?: number | undefined;
  /** hashlimit: the form `--hashlimit-above`. */
  readonly above: boolean;
}

/** `-m iprange`. */
export interface AddressRangeMatch extends MatchBase {
  readonly kind: 'iprange';
  readonly source?: Negatable<AddressInterval>;
  readonly destination?: Negatable<AddressInterval>;
}

/** `-m owner`: only locally generated packets have an owner. */
export interface OwnerMatch extends MatchBase {
  readonly kind: 'owner';
  readonly uid?: Negatable<Interval>;
  readonly gid?: Negatable<Interval>;
  readonly socketExists?: Negatable<true>;
  readonly supplementaryGroups: boolean;
}

/** `-m physdev`. */
export interface PhysdevMatch extends MatchBase {
  readonly kind: 'physdev';
  readonly in?: Negatable<InterfacePattern>;
  readonly out?: Negatable<InterfacePattern>;
  readonly isIn?: Negatable<true>;
  readonly isOut?: Negatable<true>;
  readonly isBridged?: Negatable<true>;
}

/** `-m rpfilter`. */
export interface ReversePathMatch extends MatchBase {
  readonly kind: 'rpfilter';
  readonly loose: boolean;
  readonly validmark: boolean;
  readonly acceptLocal: boolean;
  readonly invert: boolean;
}

/** `-m socket`. */
export interface SocketMatch extends MatchBase {
  readonly kind: 'socket';
  readonly transparent: boolean;
  readonly nowildcard: boolean;
  readonly restoreMark: boolean;
}

/** `-m tos`, `-m dscp`: value under mask of the TOS byte (dscp: value << 2, mask 0xfc). */
export interface TosMatch extends MatchBase {
  readonly kind: 'tos' | 'dscp';
  readonly value: number;
  readonly mask: number;
  readonly negated: boolean;
}

/** `-m ttl`, `-m hl`. */
export interface TtlMatch extends MatchBase {
  readonly kind: 'ttl' | 'hl';
  readonly comparison: 'equal' | 'less' | 'greater';
  readonly value: number;
  readonly negated: boolean;
}

/** `-m length`: bytes of the IP packet, header included. */
export interface LengthMatch extends MatchBase {
  readonly kind: 'length';
  readonly bytes: Interval;
  readonly negated: boolean;
}

/** `-m pkttype`. */
export interface PacketTypeMatch extends MatchBase {
  readonly kind: 'pkttype';
  readonly type: 'unicast' | 'broadcast' | 'multicast';
  readonly negated: boolean;
}

/** `-m mac`. */
export interface MacMatch extends MatchBase {
  readonly kind: 'mac';
  /** Lower case, with colons. */
  readonly address: string;
  readonly negated: boolean;
}

/** `-m devgroup`: the groups of the devices that the packet comes in and leaves by. */
export interface DeviceGroupMatch extends MatchBase {
  readonly kind: 'devgroup';
  readonly source?: Negatable<MaskedNumber>;
  readonly destination?: Negatable<MaskedNumber>;
}

/** `-m helper`: the connection was expected by one that this helper follows. */
export interface HelperMatch extends MatchBase {
  readonly kind: 'helper';
  /** '' is any. */
  readonly name: string;
  readonly negated: boolean;
}

/** `-m realm`: the realms of the route, `from` in the upper 16 bits. */
export interface RealmMatch extends MatchBase, MaskedNumber {
  readonly kind: 'realm';
  readonly negated: boolean;
}

/** `-m nfacct`: counts, and always matches (xt_nfacct.c). */
export interface AccountingMatch extends MatchBase {
  readonly kind: 'nfacct';
  readonly name: string;
}

/** `-m ipvs`. */
export interface VirtualServerMatch extends MatchBase {
  readonly kind: 'ipvs';
  /** `--ipvs`: is an IPVS connection at all. */
  readonly ipvs?: Negatable<true>;
  readonly protocol?: Negatable<number>;
  readonly address?: Negatable<Network>;
  readonly port?: Negatable<number>;
  readonly direction?: Negatable<'ORIGINAL' | 'REPLY'>;
  readonly method?: Negatable<string>;
  readonly controlPort?: Negatable<number>;
}

/** The name of the UnmodelledMatch of every rule in `iptables -L` without -v, which hides devices. */
export const hiddenInterfaces = 'in/out interfaces';

/** A match that is known by name but cannot be decided, or that is not known at all. */
export interface UnmodelledMatch extends MatchBase {
  readonly kind: 'unmodelled';
  /** `u32`, `bpf`, `string`, ... */
  readonly name: string;
  /** The options as written. */
  readonly text: string;
}

export type Match =
  | ExtensionMatch
  | ProtocolMatch
  | AddressMatch
  | InterfaceMatch
  | FragmentMatch
  | PortMatch
  | IcmpMatch
  | CommentMatch
  | MarkMatch
  | ConntrackMatch
  | AddressTypeMatch
  | SetMatch
  | MultiportMatch
  | StatisticMatch
  | RecentMatch
  | LimitMatch
  | AddressRangeMatch
  | OwnerMatch
  | PhysdevMatch
  | ReversePathMatch
  | SocketMatch
  | TosMatch
  | TtlMatch
  | LengthMatch
  | PacketTypeMatch
  | MacMatch
  | DeviceGroupMatch
  | HelperMatch
  | RealmMatch
  | AccountingMatch
  | VirtualServerMatch
  | UnmodelledMatch;
