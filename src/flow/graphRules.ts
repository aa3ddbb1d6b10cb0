import type * as vscode from 'vscode';
import { withRates } from '../core/flow/counters/edgeRates';
import { mapSources } from '../core/flow/mapSources';
import { isNft } from '../core/flow/ruleBook';
import type { DrawnGraph } from '../core/flow/mergedGraph';
import type { SourceRange } from '../core/source';
import type { DumpDocuments } from '../workspace/dumpDocuments';
import type { NftDocuments } from '../workspace/nftDocuments';
import type { Lines } from '../syntax/textLines';
import { uriOf } from '../workspace/places';
import type { CounterHistory } from './counterHistory';
import type { Drawing } from './graphFindings';
import { inCapture } from './inCapture';
import type { FlowAnswer } from './source';

/** The texts that rules are in, by their language. */
export interface RuleDocuments {
  /** Of iptables. */
  readonly dumps: DumpDocuments;
  /** Of nft. */
  readonly listings: NftDocuments;
}

/** The graph with its rates, and what a hover tells of its rules: worked out when it is asked for. */
export async function withRules(
  { graph: drawn, rules }: DrawnGraph,
  { shown, facts }: Drawing,
  documents: RuleDocuments,
  history: CounterHistory,
  token: vscode.CancellationToken,
): Promise<Pick<FlowAnswer, 'graph' | 'describe'>> {
  let graph = drawn;
  if (graph.counters === 'none') {
    const borrowed = await history.counterDump(rules, token);
    const { withCountersOf } = await import('../core/flow/counters/borrowedCounters');
    if (borrowed) graph = withCountersOf(graph, rules, borrowed);
  }
  const rates =
    graph.counters === 'counted' && graph.ratesNote === undefined
      ? await history.ratesOf(rules, token)
      : undefined;
  const rated = rates ? withRates(graph, rules, rates) : graph;
  return {
    graph: mapSources(rated, (source) => inCapture(source, shown)),
    async describe(ranges) {
      const { describeRanges, distinctRanges, mostRules } = await import('../core/flow/details');
      const lines = new Map<SourceRange, string>();
      for (const range of distinctRanges(ranges).slice(0, mostRules)) {
        // A file that is gone by now leaves the sentences, which are the rules' own.
        const placed = rules.at(range);
        const { dumps, listings } = documents;
        const texts = placed && isNft(placed) ? listings : dumps;
        const dump = await texts.at(uriOf(range.source)).catch(() => undefined);
        if (dump) lines.set(range, textAt(dump.lines, range, facts.original(range)));
      }
      return describeRanges(ranges, rules, (range) => lines.get(range), rates);
    },
  };
}

/** A rule as its document has it: all of its line, or its part of a line that was taken apart. */
function textAt(lines: Lines, read: SourceRange, { line, start, end }: SourceRange): string {
  const text = lines.line(line);
  return line === read.line ? text : text.slice(start, end);
}
