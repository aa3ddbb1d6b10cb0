import * as vscode from 'vscode';
import { chainsOf } from '../core/flow/counters/edgeRates';
import { liveRates } from '../core/flow/counters/live';
import type { DrawnGraph } from '../core/flow/mergedGraph';
import type { CounterSnapshot } from '../core/flow/counters/rates';
import { readRuleCounters, ruleText } from '../syntax/iptables/ruleset/ruleCounters';
import { nftRuleText, readNftCounters } from '../syntax/nft/ruleset/ruleCounters';
import { linesOfPieces } from '../syntax/textLines';
import type { CounterReader } from '../workspace/clusters/dumpFiles';
import { lastPart } from '../workspace/files';
import { uriOf } from '../workspace/places';
import { runInSlices } from '../workspace/slices';
import type { RuleDocuments } from './graphRules';
import type { LiveSource } from './live';

/** How a dump's rules are read for what they counted. */
const formats = {
  iptables: { texts: 'dumps', read: readRuleCounters, ruleText },
  nft: { texts: 'listings', read: readNftCounters, ruleText: nftRuleText },
} as const;

/**
 * The counters of a graph's rules in one dump, of iptables or of nft.
 *
 * @param tables of it, whose counters the graph needs: one is read alone
 * @throws Error where the drawn dump can't be read, by which rules are found again
 */
export async function liveRules(
  { graph, rules }: DrawnGraph,
  dump: { readonly source: string; readonly tables: ReadonlySet<string> },
  documents: RuleDocuments,
  read: CounterReader,
): Promise<LiveSource<CounterSnapshot>> {
  const { source, tables } = dump;
  const [table, ...others] = tables;
  const inNft = table !== undefined && table.includes(' ');
  const format = formats[inNft ? 'nft' : 'iptables'];
  const lines = (await documents[format.texts].at(uriOf(source)))?.lines;
  if (!lines) throw new Error(vscode.l10n.t('the dump can no longer be read.'));
  const chains = chainsOf(rules);
  return {
    async read(signal) {
      const asked = others.length === 0 ? table : undefined;
      const { taken, pieces } = await read(lastPart(uriOf(source)), asked, signal);
      const text = await linesOfPieces(pieces());
      const { chains: counted } = await runInSlices(format.read(text, chains));
      // By this machine's clock, in milliseconds: the dump's header has whole seconds.
      return { captured: taken.replace('Z', ''), chains: counted };
    },
    rates: (between) =>
      liveRates(graph, rules, between, (range) =>
        range.source === source ? format.ruleText(lines.line(range.line)) : undefined,
      ),
    told: () => vscode.l10n.t('Rules of nat count the first packet of each connection only.'),
  };
}
