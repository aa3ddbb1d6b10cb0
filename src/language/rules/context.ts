import type { ServiceSearch } from '../../core/kubeproxy/iptables/services';
import type { MarkUse } from '../../core/marks/ledger';
import type { NodeState } from '../../core/node';
import type { IndexedObjects } from '../../core/objects/types';
import type { Chain, Ruleset, Table } from '../../core/rules/ruleset';
import type { SourceRange } from '../../core/source';

/** Where a line of a dump stands among its rules. */
export interface RulePlace {
  readonly chain: Chain;
  /** From 0, as Chain.rule counts. */
  readonly index: number;
}

/** KUBE-MARK-MASQ may have 50,000: no one reads them all. */
export interface References {
  readonly count: number;
  readonly first: readonly SourceRange[];
}

/**
 * What hovers, lenses, hints and tokens need to know of the dump around a line. Made by the
 * document model; everything that takes long is undefined until it is ready.
 */
export interface DumpContext {
  /** The dump that the line belongs to: a text may hold several. */
  readonly ruleset: Ruleset;
  /** Line numbers count from 0, as everywhere. */
  lineText(line: number): string;
  /** The table that a line stands in. */
  tableAt(line: number): Table | undefined;
  /** The rule on a line; undefined for any other line. */
  ruleAt(line: number): RulePlace | undefined;
  /** The rules that jump or go to a chain: how many, and the first ones. */
  references(table: string, chain: string): References;
  /** The Services of this dump; undefined while they are being read. */
  services(): ServiceSearch | undefined;
  /** Every rule of this dump that has to do with marks. */
  markUses(): readonly MarkUse[];
  /** The node that the dump was taken on, as far as other files tell. */
  readonly node?: NodeState | undefined;
  /** The cluster's objects, as far as other files tell. */
  readonly objects?: IndexedObjects | undefined;
}
