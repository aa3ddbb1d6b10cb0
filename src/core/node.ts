import type { Address, Family, Network } from './address';
import type { Finding } from './finding';
import type { ConntrackEntry } from './connections';
import type { IpSet } from './ipset/types';
import type { IpvsConnection, IpvsState } from './ipvs/state';
import type { ToldMode } from './kubeproxy/proxyMode';
import type { ProxyLog } from './proxyconfig/log';
import type { YamlNode } from './yamlNode';
import type { NftRuleset, Ruleset } from './rules/ruleset';
import type { SourceRange } from './source';

/** One address of a device, from `ip addr`: `inet 10.244.0.1/24 brd 10.244.0.255 scope global`. */
export interface InterfaceAddress {
  readonly address: Address;
  readonly prefixLength: number;
  readonly scope: string;
  readonly broadcast?: Address;
  readonly peer?: Address;
  readonly secondary: boolean;
  /** IPv6: not yet an address while the neighbours are asked for doubles. */
  readonly tentative?: boolean;
  /** IPv6: its preferred lifetime is over. */
  readonly deprecated?: boolean;
  /** IPv6: a privacy address (RFC 8981). */
  readonly temporary?: boolean;
  readonly range: SourceRange;
}

/** One device, from `ip addr`. */
export interface NetworkInterface {
  readonly index: number;
  readonly name: string;
  /** `UP`, `LOWER_UP`, `NOARP`, `LOOPBACK`, ... */
  readonly flags: readonly string[];
  readonly mtu?: number;
  readonly state?: string;
  /** The bridge that it is a port of, or the bond or VRF. */
  readonly master?: string;
  /** `bridge`, `vrf`, `veth`, ...: only `ip -d` prints it. */
  readonly kind?: string;
  /** Of a VRF: the table that its devices' packets are routed by; only `ip -d` prints it. */
  readonly vrfTable?: string;
  /** `ether`, `loopback`, `none`, ...: what stands behind `link/`. */
  readonly linkType?: string;
  /** A port of a bridge that may send a frame back out of itself; undefined: `bridge -d link` is not at hand. */
  readonly hairpin?: boolean;
  /** Of a port: the addresses that are reached through it (`bridge fdb` and `ip neigh` together). */
  readonly behind?: readonly Address[];
  /** `group default`: a name, by which routing rules may refuse it. */
  readonly group?: string;
  readonly addresses: readonly InterfaceAddress[];
  readonly range: SourceRange;
}

export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'multicast'
  | 'anycast'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit'
  | 'throw'
  | 'nat';

/** Where a route leads; no `device` where the dump does not tell it (/proc/net/fib_trie). */
export interface NextHop {
  readonly via?: Address;
  readonly device?: string;
  readonly weight: number;
  /** `dead`, `linkdown`, `onlink`, ... where the route has several. */
  readonly flags?: readonly string[];
}

/** One line of `ip route show table all`. */
export interface Route {
  readonly type: RouteType;
  readonly destination: Network;
  /** IPv6: only for packets from there (`default from 2001:db8::/48`). */
  readonly from?: Network;
  /** `main` where the line names none; `local`, `default` or a number or name. */
  readonly table: string;
  /** One, or several of a multipath route. */
  readonly nextHops: readonly NextHop[];
  readonly source?: Address;
  readonly metric: number;
  /** IPv4: only for packets with this TOS byte; 0 or undefined for all. */
  readonly tos?: number;
  readonly scope?: string;
  readonly protocol?: string;
  /** IPv4, `realm 5` or `realms 3/5`: for `-m realm`. */
  readonly realms?: string;
  /** `onlink`, `linkdown`, `dead`, `pervasive`, ... */
  readonly flags: readonly string[];
  readonly range: SourceRange;
}

/** One line of `ip rule`, or of `ip -6 rule`. */
export interface RoutingRule {
  readonly family: Family;
  readonly priority: number;
  /** `not`: selects what the rest of the rule does not. */
  readonly negated: boolean;
  readonly from?: Network;
  readonly to?: Network;
  readonly inInterface?: string;
  readonly outInterface?: string;
  readonly mark?: { readonly value: number; readonly mask: number };
  /** Value under mask of the TOS byte: of `tos 0x10` the bits 0x1c, of `dscp 4` the upper six. */
  readonly tos?: { readonly value: number; readonly mask: number };
  readonly uids?: NumberRange;
  readonly protocol?: number;
  readonly sourcePorts?: NumberRange;
  readonly destinationPorts?: NumberRange;
  /** `l3mdev`: for devices of a VRF, whose table is looked up. */
  readonly vrf: boolean;
  /** Of packets that came through a tunnel device without a fixed key. */
  readonly tunnelId?: number;
  readonly action: RoutingAction;
  /** `suppress_prefixlength 0`: a route found with a prefix as short as this is not taken. */
  readonly suppressedLength?: number;
  /** `suppress_ifgroup`: nor one by a device of this group. */
  readonly suppressedGroup?: string;
  /** IPv4, `realms 3/5`: for `-m realm`. */
  readonly realms?: string;
  /** Words that are not known, whose rule may or may not apply. */
  readonly others: readonly string[];
  readonly text: string;
  readonly range: SourceRange;
}

export type RoutingAction =
  /** No `table` for `l3mdev`, which takes that of the VRF. */
  | { readonly kind: 'lookup'; readonly table?: string }
  | { readonly kind: 'goto'; readonly priority: number }
  | { readonly kind: 'nop' | 'unreachable' | 'prohibit' | 'blackhole' };

/** Both ends included. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** A part of a node's state that no dump holds, or holds only in part: the reason for "unknown". */
export interface MissingPart {
  readonly part:
    | 'IPv4 rules'
    | 'IPv6 rules'
    | 'sets'
    | 'interfaces'
    | 'routes'
    | 'routing rules'
    | 'IPVS'
    | 'sysctls'
    /** Dumps of other hosts that stand in the same text. */
    | 'other nodes';
  /** What would give it: `ipset save`. */
  readonly command: string;
  /** One plain English sentence: `No dump of the ipsets is at hand.` */
  readonly reason: string;
}

/**
 * All that is known of one node. A part that no dump holds is undefined, never empty: the trace
 * then says "unknown, no ipset dump", not "the set is empty".
 */
export interface NodeState {
  readonly name: string;
  /** Both families and both backends, whichever dumps there are. */
  readonly rulesets: readonly Ruleset[];
  /** `nft list ruleset`: what programs wrote with nft, and iptables-nft's tables as nft sees them. */
  readonly nftables?: NftRuleset;
  readonly sets?: ReadonlyMap<string, IpSet>;
  readonly interfaces?: readonly NetworkInterface[];
  /** Devices of a listing of some alone (`ip addr show kube-ipvs0`), where no whole one is at hand. */
  readonly someInterfaces?: readonly NetworkInterface[];
  readonly routes?: readonly Route[];
  readonly routingRules?: readonly RoutingRule[];
  /**
   * The multicast groups that each device listens to (`ip maddr`). The kernel's own are among them, so
   * a device without any of a family is not known for that family.
   */
  readonly groups?: ReadonlyMap<string, readonly Address[]>;
  readonly ipvs?: IpvsState;
  /** `ipvsadm -Lnc`, /proc/net/ip_vs_conn; undefined where no dump has them. */
  readonly ipvsConnections?: readonly IpvsConnection[];
  /** conntrack's table; undefined where no dump has it. */
  readonly connections?: readonly ConntrackEntry[];
  /** `net.ipv4.ip_forward` -> `1`. */
  readonly sysctls?: ReadonlyMap<string, string>;
  /** The line of each; undefined where no dump tells them. */
  readonly sysctlPlaces?: ReadonlyMap<string, SourceRange>;
  /**
   * kube-proxy's mode where it says so itself, and the file that tells: one sign among others, which
   * `modeOf` weighs.
   */
  readonly proxyMode?: ToldMode;
  /** KubeProxyConfiguration as a file beside the dumps has it, or as kube-proxy answered. */
  readonly proxyConfig?: YamlNode;
  /** What its log says of its last start. */
  readonly proxyLog?: ProxyLog;
  /** ISO 8601, where the dumps tell; without a zone it is the node's own time. */
  readonly captured?: string;
  /** Why the capture ended before it had all dumps: what it lacks says nothing of the node. */
  readonly partial?: string;
  /** What is missing, or there only in part; empty when all is there. */
  readonly missing?: readonly MissingPart[];
  readonly findings: readonly Finding[];
}
