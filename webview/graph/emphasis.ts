import type { FlowEntry, FlowGraph } from '../../src/core/flow/graph';

/** What stays bright when an entry is selected; everything else is dimmed. */
export interface Emphasis {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
}

/** The entry's edges and the nodes at their ends. */
export function emphasisOf(graph: FlowGraph, entry: FlowEntry): Emphasis {
  const edges = new Set(entry.edges);
  const nodes = new Set([entry.node]);
  for (const edge of graph.edges) {
    if (!edges.has(edge.id)) continue;
    nodes.add(edge.from);
    nodes.add(edge.to);
  }
  return { nodes, edges };
}

/** The ids of what is new or says something else than before: it flashes once. */
export function changesOf(before: FlowGraph, after: FlowGraph): ReadonlySet<string> {
  const old = new Map<string, string>();
  for (const item of [...before.nodes, ...before.edges]) old.set(item.id, meaningOf(item));
  const changed = new Set<string>();
  for (const item of [...after.nodes, ...after.edges]) {
    if (old.get(item.id) !== meaningOf(item)) changed.add(item.id);
  }
  return changed;
}

/**
 * All but the places in the dump and the counters: a line inserted above changes nothing of what a
 * node says, and between two captures nearly every rule has counted.
 */
function meaningOf(item: FlowGraph['nodes'][number] | FlowGraph['edges'][number]): string {
  const unsaid = {
    ranges: undefined,
    members: undefined,
    counters: undefined,
    rate: undefined,
    heat: undefined,
  };
  return JSON.stringify({ ...item, ...unsaid });
}
