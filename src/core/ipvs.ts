import type { Address } from './address';
import type { SourceRange } from './source';

export type ForwardMethod = 'Masq' | 'Route' | 'Tunnel' | 'Local' | 'Bypass';

/** One `->` row of ipvsadm or /proc/net/ip_vs. */
export interface RealServer {
  readonly address: Address;
  readonly port: number;
  readonly method: ForwardMethod;
  /** 0 is draining: no new connection. */
  readonly weight: number;
  readonly activeConnections?: number;
  readonly inactiveConnections?: number;
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
  /** undefined in dumps that do not show it (`--stats`, `--rate`). */
  readonly scheduler?: string;
  /** `sh-port`, `mh-fallback`, `ops`, ... */
  readonly flags: readonly string[];
  /** Seconds; undefined when not persistent. */
  readonly persistent?: number;
  readonly realServers: readonly RealServer[];
  readonly range: SourceRange;
}

export interface IpvsState {
  readonly source: string;
  /** Table size: `size=4096`. */
  readonly connectionTableSize?: number;
  readonly virtualServers: readonly VirtualServer[];
}
