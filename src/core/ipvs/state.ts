import type { Address, Family } from '../address';
import type { SourceRange } from '../source';

export type ForwardMethod = 'Masq' | 'Route' | 'Tunnel' | 'Local' | 'Bypass';

/** One `->` row of ipvsadm or /proc/net/ip_vs. */
export interface RealServer {
  readonly address: Address;
  readonly port: number;
  readonly method: ForwardMethod;
  /** 0 is draining: no new connection. */
  readonly weight: number;
  /** The weight before it was set to 0 (dest->last_weight), which mh still goes by; no dump tells it. */
  readonly formerWeight?: number;
  readonly activeConnections?: number;
  readonly inactiveConnections?: number;
  /** `-x` of ipvsadm -S: with so many connections it gets no more; undefined or 0: without limit. */
  readonly upperThreshold?: number;
  /** `-y`: once full it gets some again with fewer than this; undefined or 0: three quarters of the limit. */
  readonly lowerThreshold?: number;
  readonly range: SourceRange;
}

/** One virtual server: `TCP  10.96.0.1:443 rr persistent 10800`, or a firewall mark. */
export interface VirtualServer {
  /** undefined with `firewallMark`. */
  readonly address?: Address;
  readonly port?: number;
  /** 6 tcp, 17 udp, 132 sctp; undefined with `firewallMark`. */
  readonly protocol?: number;
  readonly firewallMark?: number;
  /** Of a firewall mark alone: the packets that it takes; undefined in /proc/net/ip_vs, which does not tell. */
  readonly family?: Family;
  /** undefined in dumps that do not show it (`--stats`, `--rate`). */
  readonly scheduler?: string;
  /** `sh-port`, `mh-fallback`, `ops`, ... */
  readonly flags: readonly string[];
  /** Seconds; undefined when not persistent. */
  readonly persistent?: number;
  /** Clients alike under this mask share a real server; undefined where each address counts. */
  readonly persistentMask?: readonly number[];
  /** The persistence engine, `sip`. */
  readonly persistenceEngine?: string;
  readonly realServers: readonly RealServer[];
  /** Whether the dump may lack real servers of it: a row is cut, or has a name in place of the address. */
  readonly incomplete?: boolean;
  readonly range: SourceRange;
}

export interface IpvsState {
  readonly source: string;
  /** Table size: `size=4096`. */
  readonly connectionTableSize?: number;
  readonly virtualServers: readonly VirtualServer[];
  /**
   * True where the real servers stand as in the kernel's list (newest first), in which schedulers go
   * round: /proc/net/ip_vs. ipvsadm sorts them.
   */
  readonly kernelOrder?: boolean;
  /** Why rows are missing here (names, an excerpt), a sentence; undefined where all rows were read. */
  readonly incomplete?: string;
  /** What the dump does not say and is taken as usual: plain sentences to show. */
  readonly assumptions?: readonly string[];
}

/** An address with its port, as IPVS prints it: `10.96.0.1:443`, `[fd00::1]:443`. */
export interface Endpoint {
  readonly address: Address;
  readonly port: number;
}

/** One row of `ipvsadm -Lnc` or /proc/net/ip_vs_conn. */
export interface IpvsConnection {
  /** 0 for the template of a persistent client on all ports (`IP`). */
  readonly protocol: number;
  /** Seconds until it ends. */
  readonly expires: number;
  /** `ESTABLISHED`, `SYN_RECV`, `ASSURED`, ... */
  readonly state: string;
  /** Port 0: the template that binds a persistent client to its real server. */
  readonly client: Endpoint;
  readonly virtual: Endpoint;
  readonly real: Endpoint;
  readonly range: SourceRange;
}

/** One row of `ipvsadm -Ln --stats` (totals) or `--rate` (per second). */
export interface IpvsStatisticsRow {
  readonly protocol?: number;
  readonly firewallMark?: number;
  readonly virtual?: Endpoint;
  /** undefined in the row of the virtual server itself. */
  readonly real?: Endpoint;
  readonly connections: number;
  readonly inPackets: number;
  readonly outPackets: number;
  readonly inBytes: number;
  readonly outBytes: number;
  /** True where a number was cut to K, M, G or T (`--exact` is the cure). */
  readonly rounded: boolean;
  readonly range: SourceRange;
}

/** `ipvsadm --stats` counts since the row was made or zeroed, `--rate` is per second. */
export interface IpvsStatistics {
  readonly unit: 'total' | 'per second';
  readonly rows: readonly IpvsStatisticsRow[];
}

/** /proc/net/ip_vs_stats: all virtual servers of the node together. */
export interface IpvsTotals {
  readonly total: IpvsCounters;
  readonly perSecond: IpvsCounters;
}

export type IpvsCounters = Omit<IpvsStatisticsRow, 'range' | 'rounded'>;

/** `Timeout (tcp tcpfin udp): 900 120 300`, in seconds. */
export interface IpvsTimeouts {
  readonly tcp: number;
  readonly tcpFin: number;
  readonly udp: number;
}

export type IpvsTokenKind =
  | 'protocol'
  | 'address'
  | 'port'
  | 'firewall-mark'
  | 'family'
  | 'scheduler'
  | 'flag'
  | 'persistent'
  | 'mask'
  | 'engine'
  | 'arrow'
  | 'forward'
  | 'weight'
  | 'active-connections'
  | 'inactive-connections'
  | 'persistent-connections'
  | 'upper-threshold'
  | 'lower-threshold'
  | 'connections'
  | 'in-packets'
  | 'out-packets'
  | 'in-bytes'
  | 'out-bytes'
  | 'state'
  | 'expires'
  | 'unknown';

/** One word of a row, for hovers. `value` is decoded: `0AF40001` is `10.244.0.1`, jiffies are seconds. */
export interface IpvsToken {
  readonly kind: IpvsTokenKind;
  readonly value: string;
  readonly range: SourceRange;
}
