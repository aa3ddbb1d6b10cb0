import * as vscode from 'vscode';
import { countedTables } from '../core/flow/counters/live';
import { ipvsEdges } from '../core/flow/counters/liveIpvs';
import type { DrawnGraph } from '../core/flow/mergedGraph';
import type { IpvsState } from '../core/ipvs/state';
import type { CounterReader } from '../workspace/clusters/dumpFiles';
import type { RuleDocuments } from './graphRules';
import type { LiveSource } from './live';
import { liveIpvs } from './liveIpvs';
import { liveRules } from './liveRules';

/**
 * What a graph's rules and IPVS count, read on the node that it is of.
 *
 * @param ipvs the node's table that the graph was drawn of
 * @throws Error where nothing counts just what passes an edge of the graph
 */
export async function liveSource(
  drawn: DrawnGraph,
  ipvs: IpvsState | undefined,
  documents: RuleDocuments,
  read: CounterReader,
): Promise<LiveSource> {
  const { graph, rules } = drawn;
  const sources: LiveSource[] = [];
  for (const [source, tables] of countedTables(graph, rules)) {
    sources.push(await liveRules(drawn, { source, tables }, documents, read));
  }
  const servers = ipvsEdges(graph, ipvs);
  if (servers.size > 0) sources.push(liveIpvs(servers, read));
  if (sources.length > 0) return together(sources);
  throw new Error(
    graph.facts.mode === 'nftables'
      ? vscode.l10n.t(
          'kube-proxy’s rules of nftables mode have no counters, and no other rule of this graph has one.',
        )
      : vscode.l10n.t('no rule of iptables counts just what passes an edge of this graph.'),
  );
}

/** Several sources that are read one after the other. */
function together(sources: readonly LiveSource[]): LiveSource<readonly unknown[]> {
  return {
    async read(signal) {
      const readings: unknown[] = [];
      for (const source of sources) readings.push(await source.read(signal));
      return readings;
    },
    rates: ([earlier, later]) =>
      Object.assign({}, ...sources.map((one, i) => one.rates([earlier[i], later[i]]))),
    told: (reading) => [...new Set(sources.map((one, i) => one.told(reading[i])))].join(' '),
  };
}
