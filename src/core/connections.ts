import type { Address } from './address';
import type { SourceRange } from './source';

/** One direction of an entry: `src=10.244.0.4 dst=10.96.0.10 sport=40000 dport=53`. */
export interface ConntrackTuple {
  readonly source: Address;
  readonly destination: Address;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
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
  readonly zone?: number;
  /** icmp: the type, code and id of the packet that opened it. */
  readonly icmp?: { readonly type: number; readonly code: number; readonly id: number };
  /** `NEW`, `UPDATE`, `DESTROY` of `conntrack -E`. */
  readonly event?: string;
  readonly range: SourceRange;
}
