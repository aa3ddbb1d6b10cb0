import { edgeRateText } from './countText';
import type { EdgeRate, FlowGraph } from '../graph';
import { heatLevel } from './heat';

/** By edge id; edges that no rule counts alone are left out. */
export type LiveRates = Readonly<Record<string, EdgeRate>>;

/** The graph with the rates of its edges as they are now, in place of those of two captures. */
export function withLiveRates(graph: FlowGraph, rates: LiveRates): FlowGraph {
  const edges = graph.edges.map((edge) => ({
    ...edge,
    rate: Object.hasOwn(rates, edge.id) ? rates[edge.id] : undefined,
  }));
  return { ...graph, edges };
}

function speed(rate: EdgeRate): number {
  if ('reason' in rate) return 0;
  return 'connections' in rate ? rate.connections : rate.perSecond;
}

/** The graph with its rates written at the edges, and a level for their colour. */
export function withRateHeat(graph: FlowGraph): FlowGraph {
  const most = graph.edges.reduce((top, { rate }) => (rate ? Math.max(top, speed(rate)) : top), 0);
  const edges = graph.edges.map((edge) => {
    const { rate } = edge;
    if (!rate) return edge;
    return { ...edge, heat: { level: heatLevel(speed(rate), most), text: edgeRateText(rate) } };
  });
  return { ...graph, edges };
}
