import { l10n } from '../../l10n';
import { edgeCountText, edgeRateText } from './countText';
import type { FlowEdge, FlowGraph } from '../graph';

/** From no packet at all to as many as the busiest edge of the graph. */
export const heatLevels = [0, 1, 2, 3, 4] as const;

export type HeatLevel = (typeof heatLevels)[number];

/** The graph with the counters written at its edges, and a level for their colour. */
export function withHeat(graph: FlowGraph): FlowGraph {
  const most = mostPackets(graph.edges);
  return {
    ...graph,
    edges: graph.edges.map((edge) => {
      const { counters } = edge;
      if (!counters) return edge;
      const level = heatLevel(counters.packets, most);
      const text = [edgeCountText(counters), edge.rate && edgeRateText(edge.rate)];
      return { ...edge, heat: { level, text: text.filter(Boolean).join(l10n.t`, `) } };
    }),
  };
}

/** 0 where no edge has counters. */
export function mostPackets(edges: readonly FlowEdge[]): number {
  return Math.max(0, ...edges.map(({ counters }) => counters?.packets ?? 0));
}

/** On a log scale from 1 packet to `most`: what few packets take still shows beside what most take. */
export function heatLevel(packets: number, most: number): HeatLevel {
  if (packets <= 0) return 0;
  return Math.min(4, Math.ceil((4 * Math.log1p(packets)) / Math.log1p(most))) as HeatLevel;
}

/** What the colours mean, or why there are none: below the toolbar. */
export function heatLegend({ counters, edges, ratesNote }: FlowGraph): string {
  switch (counters) {
    case 'none':
      return l10n.t`The dump holds no counters: save it with iptables-save -c.`;
    case 'zero':
      return l10n.t`All counters of these rules are 0: nothing has matched them since they were loaded, or the dump was saved without its counts.`;
    case 'counted':
      if (edges.some((edge) => edge.counters))
        return [meaning(), ratesNote].filter(Boolean).join(' ');
      return l10n.t`No rule counts just what passes an edge of this graph.`;
  }
}

const meaning = () =>
  l10n.t`Counts of each edge’s rules, on a log scale. Rules of nat count only the first packet of a connection; "in all" includes other traffic, too. Gray: no rule counts just what passes there.`;
