import type { SourceRange } from '../../source';
import { edgeCounters } from './counters';
import { countersOf } from './countersOf';
import { edgeRate } from './edgeRates';
import type { EdgeRate, FlowGraph } from '../graph';
import type { LiveRates } from './liveHeat';
import { ratesBetween, type CounterSnapshot } from './rates';
import { isNft, tableOf, type RuleBook } from '../ruleBook';

/** The edges whose rules count just what passes there: those of nft only where a counter stands in them. */
function countedEdges(graph: FlowGraph, book: RuleBook): FlowGraph['edges'] {
  const some = { packets: 0, bytes: 0 };
  return graph.edges.filter((edge) =>
    edgeCounters(edge, book, (placed) => (isNft(placed) ? countersOf(placed) : some)),
  );
}

/** The tables whose counters the edges of a graph need, by dump: `nat`, of nft `ip kube-proxy`. */
export function countedTables(
  graph: FlowGraph,
  book: RuleBook,
): ReadonlyMap<string, ReadonlySet<string>> {
  const tables = new Map<string, Set<string>>();
  for (const range of countedEdges(graph, book).flatMap(({ ranges }) => ranges)) {
    const placed = book.at(range);
    if (!placed) continue;
    const own = tables.get(range.source) ?? new Set();
    tables.set(range.source, own.add(tableOf(placed)));
  }
  return tables;
}

/**
 * What passed the edges of a graph between two readings of its counters.
 *
 * @param ruleText a rule of the drawn dump as it stands there, without counters; undefined for a rule
 *   of another dump, whose edges are left out
 */
export function liveRates(
  graph: FlowGraph,
  book: RuleBook,
  [earlier, later]: readonly [CounterSnapshot, CounterSnapshot],
  ruleText: (range: SourceRange) => string | undefined,
): LiveRates {
  const rates = ratesBetween(earlier, later);
  const found = countedEdges(graph, book).flatMap((edge): [string, EdgeRate][] => {
    if (edge.ranges.some((range) => ruleText(range) === undefined)) return [];
    const rate = 'reason' in rates ? rates : edgeRate(edge, book, { rates, ruleText });
    return rate ? [[edge.id, 'reason' in rate ? { reason: rate.reason } : rate]] : [];
  });
  return Object.fromEntries(found);
}
