import { l10n } from '../../l10n';
import type { Counters } from '../../rules/counters';
import type { SourceRange } from '../../source';
import { edgeCounters } from './counters';
import type { FlowGraph } from '../graph';
import type { CounterSnapshot } from './rates';
import { chainId } from '../visits';
import type { PlacedRule, RuleBook } from '../ruleBook';

/** What another dump of the same node and time counted. */
export interface CounterDump {
  /** `iptables-save-c.txt`. */
  readonly name: string;
  readonly counted: CounterSnapshot;
  /** A rule of the drawn dump as it stands there, without counters. */
  ruleText(range: SourceRange): string | undefined;
}

/** So far apart, in seconds, two dumps of one collection may be. */
const together = 120;

/** Whether two dumps are of one time, by the node's clock: neither is older than the collection took. */
export function isSameTime(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return Math.abs(Date.parse(`${one}Z`) - Date.parse(`${other}Z`)) <= together * 1000;
}

/**
 * A graph whose dump was saved without counters, with those of another dump: rules are matched by their
 * text within their chain; one that a chain has twice stays without.
 */
export function withCountersOf(graph: FlowGraph, book: RuleBook, dump: CounterDump): FlowGraph {
  const countersOf = ({ table, chain, rule }: PlacedRule): Counters | undefined => {
    const text = dump.ruleText(rule.range);
    const rules = dump.counted.chains.get(chainId({ table: table.name, chain: chain.name }));
    const found = text === undefined ? undefined : rules?.get(text);
    return found === 'several' ? undefined : found;
  };
  const edges = graph.edges.map((edge) => ({
    ...edge,
    counters: edgeCounters(edge, book, countersOf),
  }));
  if (!edges.some(({ counters }) => counters)) return graph;
  return {
    ...graph,
    edges,
    counters: 'counted',
    ratesNote: l10n.t`Counters are those of ${dump.name}.`,
  };
}
