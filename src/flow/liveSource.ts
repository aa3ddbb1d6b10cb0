import * as vscode from 'vscode';
import { chainsOf } from '../core/flow/edgeRates';
import { countedTables, liveRates } from '../core/flow/live';
import type { DrawnGraph } from '../core/flow/mergedGraph';
import { mainSource } from '../core/flow/ruleBook';
import { readRuleCounters, ruleText } from '../syntax/iptables/ruleset/ruleCounters';
import { linesOfPieces } from '../syntax/textLines';
import type { CounterReader } from '../workspace/clusters/dumpFiles';
import type { DumpDocuments } from '../workspace/dumpDocuments';
import { lastPart } from '../workspace/files';
import { runInSlices } from '../workspace/slices';
import type { LiveSource } from './live';
import { uriOf } from '../workspace/places';

/**
 * The counters of a graph's rules, read on the node that it is of.
 *
 * @throws Error where no rule of the graph counts what passes an edge
 */
export async function liveSource(
  { graph, rules }: DrawnGraph,
  documents: DumpDocuments,
  read: CounterReader,
): Promise<LiveSource> {
  const source = mainSource(rules);
  const tables = [...countedTables(graph, rules)];
  if (source === undefined || tables.length === 0) {
    throw new Error(
      vscode.l10n.t('no rule of iptables counts just what passes an edge of this graph.'),
    );
  }
  const lines = (await documents.at(uriOf(source)))?.lines;
  if (!lines) throw new Error(vscode.l10n.t('the dump can no longer be read.'));
  const chains = chainsOf(rules);
  const table = tables.length === 1 ? tables[0] : undefined;
  return {
    async read(signal) {
      const { taken, pieces } = await read(lastPart(uriOf(source)), table, signal);
      const text = await linesOfPieces(pieces());
      const { chains: counted } = await runInSlices(readRuleCounters(text, chains));
      // By this machine's clock, in milliseconds: the dump's header has whole seconds.
      return { captured: taken.replace('Z', ''), chains: counted };
    },
    rates: (between) =>
      liveRates(graph, rules, between, (range) =>
        range.source === source ? ruleText(lines.line(range.line)) : undefined,
      ),
  };
}
