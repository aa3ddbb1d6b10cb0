import type { Address, Family } from '../address';
import type { Finding } from '../finding';
import type { SourceRange } from '../source';
import type { Work } from '../work';
import type { BaseDeclaration } from './baseChain';
import type { Counters } from './counters';
import type { Match } from './match';
import type { ActualTables } from './ruleTexts';
import type { TableSet } from './set';
import type { Statement } from './statement';
import type { Target } from './target';

export interface Rule {
  /** From 1, as `iptables -L --line-numbers` counts. */
  readonly number: number;
  /** The whole line. */
  readonly range: SourceRange;
  /**
   * In the order in which the kernel carries them out. iptables' rules are matches (addresses,
   * devices, protocol, then each `-m`) and at most one target behind them; nft mixes them, and what
   * stands before a failing match has happened.
   */
  readonly statements: readonly Statement[];
  /** Those of the statements that iptables has as matches; of nft's own matches none. */
  readonly matches: readonly Match[];
  /** The last statement that iptables has as a target. A rule without one counts and goes on. */
  readonly target?: Target;
  readonly counters?: Counters;
  /** `nft -a`. */
  readonly handle?: number;
  /** What of the line could not be read; the trace treats such a rule as unknown. */
  readonly findings: readonly Finding[];
}

export interface Chain {
  readonly table: string;
  readonly name: string;
  /** Of chains that netfilter calls by itself: iptables' built-in chains, nft's base chains. */
  readonly base?: BaseDeclaration;
  readonly comment?: string;
  readonly handle?: number;
  /** The `:CHAIN` or `-N CHAIN` or `Chain CHAIN` line; undefined when only rules name the chain. */
  readonly declared?: SourceRange;
  readonly length: number;
  /** The i-th rule, from 0; decoded when first asked for. */
  rule(i: number): Rule;
  /** The i-th rule's line as it stands in a dump of iptables-save, without decoding it. */
  savedText?(i: number): string;
  /** The i-th rule's range, as its `range` says, without decoding it; where `savedText` is. */
  savedRange?(i: number): SourceRange;
  /**
   * The indices, ascending, of the rules that a packet to `destination` can match as far as their
   * `-d` says; every other rule surely does not match. Makes the time of a trace independent of a
   * Service's place in KUBE-SERVICES.
   */
  candidates(destination: Address): Iterable<number>;
  /** Work after which `candidates` answers at once; undefined: it does. For chains of any length. */
  prepare?(): Work<void> | undefined;
}

export type TableFamily = 'ip' | 'ip6' | 'inet' | 'bridge' | 'arp' | 'netdev';

/** `counter x { ... }`, `quota`, `limit`, `ct helper`, `flowtable`, ...: what rules refer to by name. */
export interface NamedObject {
  /** `counter`, `quota`, `limit`, `ct helper`, `ct timeout`, `flowtable`, `synproxy`, `secmark`. */
  readonly kind: string;
  readonly name: string;
  readonly counters?: Counters;
  /** The statement that it stands for: of a quota and a limit. */
  readonly statement?: Statement;
  readonly declared: SourceRange;
}

export interface Table {
  readonly family: TableFamily;
  readonly name: string;
  /** nft; of iptables none: its sets are the node's (node.ts, IpSet). */
  readonly sets?: ReadonlyMap<string, TableSet>;
  readonly objects?: readonly NamedObject[];
  /** nft's flag dormant: netfilter does not call its chains. */
  readonly dormant?: boolean;
  readonly comment?: string;
  readonly handle?: number;
  readonly chains: ReadonlyMap<string, Chain>;
  /** The `*table` or `table ip NAME {` line; undefined for `iptables -S`, which has none. */
  readonly declared?: SourceRange;
  /** False when the dump ends before COMMIT, or before the table's closing brace. */
  readonly complete: boolean;
  /** What of it the dump does not show although it is there; none where all could be read. */
  readonly gaps?: readonly Gap[];
}

/** Rules that are in the kernel and that no dump shows, or that the reader could not take. */
export interface Gap {
  /** Completes "if ...": `line 5 of iptables-save.txt, which is not understood`. */
  readonly text: string;
  readonly range: SourceRange;
  /** The table of which iptables could not print all: rules that nft alone can show are in it. */
  readonly unprinted?: string;
  /** Of tables of the legacy backend, which are loaded beside those of the dump. */
  readonly legacy?: boolean;
  /** A beginning or an end that is not there: a filter leaves those lines out, too. */
  readonly cut?: boolean;
}

/** What one dump of iptables-save, iptables -S or iptables -L holds. */
export interface Ruleset {
  readonly source: string;
  readonly family: Family;
  /** What printed it: `iptables-save v1.8.9 (nf_tables)`, `iptables -S`, `iptables -L`. */
  readonly program?: string;
  /** From the header `v1.8.9 (nf_tables)`; the answer to "which backend" decides what else to look at. */
  readonly backend: 'legacy' | 'nf_tables' | 'unknown';
  readonly tables: ReadonlyMap<string, Table>;
  /**
   * True where it shows all tables that are loaded, as a whole `iptables-save` does: one that it lacks
   * then has no rules. Otherwise such a table is unknown.
   */
  readonly whole?: boolean;
  /** When it was taken, by its header: the node's clock, ISO 8601 without a zone. */
  readonly captured?: string | undefined;
  /** What the program says that it did not print: tables of the other backend. */
  readonly gaps?: readonly Gap[];
  readonly findings: readonly Finding[];
  /** Its rules as texts, gone through anew with each call; undefined where none are like iptables-save's. */
  readonly texts?: (() => Work<ActualTables>) | undefined;
}

/**
 * What one or several listings of nft hold, in the order of the listing, which is that in which the
 * tables were created. Tables of iptables-nft are among them: where the node has iptables-save, its
 * rules are believed, not nft's rendering of them.
 */
export interface NftRuleset {
  readonly source: string;
  readonly tables: readonly Table[];
  /** False where only some tables were listed, or the text was cut: others may be there. */
  readonly complete: boolean;
  readonly findings: readonly Finding[];
  /** kube-proxy's table of one family as texts, likewise; undefined where no text has it (JSON). */
  readonly texts?: (family: Family) => Work<ActualTables>;
}
