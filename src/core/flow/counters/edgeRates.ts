import { l10n } from '../../l10n';
import type { SourceRange } from '../../source';
import { durationText, rateText } from './countText';
import type { EdgeRate, FlowEdge, FlowGraph } from '../graph';
import type { Rates, RuleRate } from './rates';
import { tableOf, type PlacedRule, type RuleBook } from '../ruleBook';

/** What the rates of one graph's rules are looked up with. */
export interface RateSource {
  readonly rates: Rates | { readonly reason: string };
  /** The rule as the dump has it, without counters; undefined where it can't be read. */
  ruleText(range: SourceRange): string | undefined;
}

/** The chains whose counters a graph needs of an earlier capture: `nat KUBE-SERVICES`, `ip nat web`. */
export function chainsOf(book: RuleBook): ReadonlySet<string> {
  return new Set([...book.all()].map(chainOf));
}

/** The graph with the rates of its edges that have counters. */
export function withRates(graph: FlowGraph, book: RuleBook, source: RateSource): FlowGraph {
  const { rates } = source;
  if ('reason' in rates) return { ...graph, ratesNote: l10n.t`No rates: ${rates.reason}.` };
  const edges = graph.edges.map((edge) =>
    edge.counters ? { ...edge, rate: edgeRate(edge, book, source) } : edge,
  );
  const time = rates.since.replace('T', ' ');
  const ratesNote = l10n.t`Rates are the mean of ${durationText(rates.seconds)}, since the capture of ${time} by the node's clock.`;
  return { ...graph, edges, ratesNote };
}

/** The sum of an edge's rules; undefined where one of them is none, or captures can't be compared. */
export function edgeRate(edge: FlowEdge, book: RuleBook, source: RateSource): EdgeRate | undefined {
  let perSecond = 0;
  for (const range of edge.ranges) {
    const rate = ruleRate(range, book, source);
    if (!rate) return undefined;
    if ('reason' in rate) return rate;
    perSecond += rate.perSecond;
  }
  return { perSecond };
}

/** Of one rule; undefined for what is no rule, and where captures can't be compared. */
function ruleRate(
  range: SourceRange,
  book: RuleBook,
  { rates, ruleText }: RateSource,
): RuleRate | undefined {
  const placed = book.at(range);
  const text = ruleText(range);
  if (!placed || text === undefined || 'reason' in rates) return undefined;
  return rates.of(chainOf(placed), text);
}

/** `0.3 per second in 30 s.`, or why there is no number; undefined without an earlier capture. */
export function ruleRateText(
  range: SourceRange,
  book: RuleBook,
  source: RateSource,
): string | undefined {
  const rate = ruleRate(range, book, source);
  if (!rate || 'reason' in source.rates) return undefined;
  if ('reason' in rate) return l10n.t`No rate: ${rate.reason}.`;
  const { seconds } = source.rates;
  return l10n.t`${rateText(rate.perSecond)}: ${rate.packets.toLocaleString('en')} in ${durationText(seconds)}.`;
}

function chainOf(placed: PlacedRule): string {
  return `${tableOf(placed)} ${placed.chain.name}`;
}
