import type { Address } from './address';
import type { SourceRange } from './source';

/** One direction of an entry: `src=10.244.0.4 dst=10.96.0.10 sport=40000 dport=53`. */
export interface ConntrackTuple {
  readonly source: Address;
  readonly destination: Address;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
}

/**
 * A zone's number in each direction (nf_ct_zone_id); 0 is that of a packet that no rule gives one.
 * Only packets of its zone belong to a connection.
 */
export interface ConntrackZone {
  readonly original: number;
  readonly reply: number;
}

/** One line of `conntrack -L`, `-E` or /proc/net/nf_conntrack. */
export interface ConntrackEntry {
  readonly protocol: number;
  /** Seconds until it ends; undefined in the events of `-E`. */
  readonly expires?: number;
  /** `SYN_SENT`, `ESTABLISHED`, `TIME_WAIT`, ...; undefined for protocols without states. */
  readonly state?: string;
  readonly original: ConntrackTuple;
  /** What an answer looks like when it arrives: the inverse of `original` but for NAT. */
  readonly reply: ConntrackTuple;
  /** `[UNREPLIED]`: no answer has come back. */
  readonly unreplied: boolean;
  readonly assured: boolean;
  readonly mark: number;
  /** Of both directions, or of the one that is named. */
  readonly zone?: number;
  readonly zoneDirection?: 'original' | 'reply';
  /** icmp: the type, code and id of the packet that opened it. */
  readonly icmp?: { readonly type: number; readonly code: number; readonly id: number };
  /** `NEW`, `UPDATE`, `DESTROY` of `conntrack -E`. */
  readonly event?: string;
  readonly range: SourceRange;
}
