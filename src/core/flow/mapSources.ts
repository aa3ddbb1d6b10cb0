import type { SourceRange } from '../source';
import type { FlowGraph } from './graph';

/** The graph with the sources of all its places renamed; the graph itself where none is. */
export function mapSources(graph: FlowGraph, rename: (source: string) => string): FlowGraph {
  const renamed = new Map<string, string>();
  const nameOf = (source: string) => {
    let name = renamed.get(source);
    if (name === undefined) renamed.set(source, (name = rename(source)));
    return name;
  };
  let changed = false;
  const place = (range: SourceRange): SourceRange => {
    const source = nameOf(range.source);
    if (source === range.source) return range;
    changed = true;
    return { ...range, source };
  };
  const item = <T extends { readonly ranges: readonly SourceRange[] }>(one: T): T => ({
    ...one,
    ranges: one.ranges.map(place),
  });
  const mapped: FlowGraph = {
    ...graph,
    nodes: graph.nodes.map(item),
    edges: graph.edges.map(item),
    entries: graph.entries.map((entry) => ({
      ...entry,
      steps: entry.steps.map((step) => (step.range ? { ...step, range: place(step.range) } : step)),
    })),
  };
  return changed ? mapped : graph;
}
