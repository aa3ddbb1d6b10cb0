import type { Address, Family } from '../address';
import type { Finding } from '../finding';
import type { SourceRange } from '../source';
import type { Match } from './match';
import type { Target } from './target';

export interface Counters {
  readonly packets: number;
  readonly bytes: number;
}

export interface Rule {
  /** From 1, as `iptables -L --line-numbers` counts. */
  readonly number: number;
  /** The whole line. */
  readonly range: SourceRange;
  /** In the order in which the kernel asks them: addresses, devices, protocol, then each `-m`. */
  readonly matches: readonly Match[];
  /** A rule without a target counts and goes on. */
  readonly target?: Target;
  readonly counters?: Counters;
  /** What of the line could not be read; the trace treats such a rule as unknown. */
  readonly findings: readonly Finding[];
}

export interface Chain {
  readonly table: string;
  readonly name: string;
  /** Built-in chains only; undefined too when the dump does not show it (`iptables -S CHAIN`). */
  readonly policy?: string;
  readonly policyCounters?: Counters;
  /** The `:CHAIN` or `-N CHAIN` or `Chain CHAIN` line; undefined when only rules name the chain. */
  readonly declared?: SourceRange;
  readonly length: number;
  /** The i-th rule, from 0; decoded when first asked for. */
  rule(i: number): Rule;
  /**
   * The indices, ascending, of the rules that a packet to `destination` can match as far as their
   * `-d` says; every other rule surely does not match. Makes the time of a trace independent of a
   * Service's place in KUBE-SERVICES.
   */
  candidates(destination: Address): Iterable<number>;
}

export interface Table {
  readonly name: string;
  readonly chains: ReadonlyMap<string, Chain>;
  /** The `*table` line; undefined for `iptables -S`, which has none. */
  readonly declared?: SourceRange;
  /** False when the dump ends before COMMIT. */
  readonly complete: boolean;
}

/** What one dump of iptables-save, iptables -S or iptables -L holds. */
export interface Ruleset {
  readonly source: string;
  readonly family: Family;
  /** From the header `v1.8.9 (nf_tables)`; the answer to "which backend" decides what else to look at. */
  readonly backend: 'legacy' | 'nf_tables' | 'unknown';
  readonly tables: ReadonlyMap<string, Table>;
  readonly findings: readonly Finding[];
}
