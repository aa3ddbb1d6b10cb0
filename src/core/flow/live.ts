import type { SourceRange } from '../source';
import { edgeCounters } from './counters';
import { edgeRate } from './edgeRates';
import type { EdgeRate, FlowGraph } from './graph';
import type { LiveRates } from './liveHeat';
import { ratesBetween, type CounterSnapshot } from './rates';
import type { RuleBook } from './ruleBook';

/** The edges whose rules count just what passes there. */
function countedEdges(graph: FlowGraph, book: RuleBook): FlowGraph['edges'] {
  const some = { packets: 0, bytes: 0 };
  return graph.edges.filter((edge) => edgeCounters(edge, book, () => some));
}

/** The tables whose counters the edges of a graph need: `nat`. */
export function countedTables(graph: FlowGraph, book: RuleBook): ReadonlySet<string> {
  const ranges = countedEdges(graph, book).flatMap((edge) => edge.ranges);
  return new Set(ranges.flatMap((range) => book.at(range)?.table.name ?? []));
}

/**
 * What passed the edges of a graph between two readings of its counters.
 *
 * @param ruleText a rule of the drawn dump as it stands there, without counters
 */
export function liveRates(
  graph: FlowGraph,
  book: RuleBook,
  [earlier, later]: readonly [CounterSnapshot, CounterSnapshot],
  ruleText: (range: SourceRange) => string | undefined,
): LiveRates {
  const rates = ratesBetween(earlier, later);
  const found = countedEdges(graph, book).flatMap((edge): [string, EdgeRate][] => {
    const rate = 'reason' in rates ? rates : edgeRate(edge, book, { rates, ruleText });
    return rate ? [[edge.id, 'reason' in rate ? { reason: rate.reason } : rate]] : [];
  });
  return Object.fromEntries(found);
}
