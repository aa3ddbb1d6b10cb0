import type { NodeState } from '../../node';
import type { Chain, Rule, Table } from '../../rules/ruleset';
import type { Connection } from '../conntrack/flowState';
import type { Chosen, HookRun, State } from '../state';

/** What a statement is carried out on. One for each visit of a rule. */
export interface StatementContext {
  readonly node: NodeState;
  readonly state: State;
  /** The connections of the node. */
  readonly connections: readonly Connection[];
  readonly run: HookRun;
  /** Of the chain that is walked: its sets and chains are the ones that rules name. */
  readonly table: Table;
  readonly rule: Rule;
  /** The chain that the rule stands in. */
  readonly chain: Chain;
  /** Before the chain's name where its place is named: `ip ` of nft's tables. */
  readonly scope: string;
  /** The elements of maps that this branch has chosen for this rule. */
  readonly chosen: Chosen;
  /** Values of a number left to chance that were tried: a trace gives way after some. */
  tried(this: void, values: number): void;
  /** Which statement is carried out. */
  at: number;
  /** Where counts are kept that belong to no statement of the rule: a named object, an element. */
  readonly place?: string;
}

/** Which statement of which rule it is, by which counts are kept: `nat/KUBE-SVC-X/1/2`. */
export function placeOf({ scope, chain, rule, at, place }: StatementContext): string {
  return place ?? `${scope}${chain.table}/${chain.name}/${rule.number}/${at}`;
}
