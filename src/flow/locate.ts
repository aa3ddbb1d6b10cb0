import type { FlowGraph } from '../core/flow/graph';
import type { SourceRange } from '../core/source';
import type { ItemRef } from './protocol';

export interface Items {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

/**
 * What of the graph stands for a line (from 0) of a dump.
 *
 * @param original Where in the dump a place of the graph stands.
 */
export function itemsAt(
  graph: FlowGraph,
  { source, line }: Pick<SourceRange, 'source' | 'line'>,
  original: (range: SourceRange) => SourceRange,
): Items {
  const here = ({ ranges }: { readonly ranges: readonly SourceRange[] }) =>
    ranges.some((range) => range.source === source && original(range).line === line);
  return {
    nodes: graph.nodes.filter(here).map(({ id }) => id),
    edges: graph.edges.filter(here).map(({ id }) => id),
  };
}

/** The places in the dumps of what was clicked, the one to go to first; none where it has none. */
export function rangesOf(
  graph: FlowGraph,
  item: Exclude<ItemRef, { readonly kind: 'finding' }>,
): readonly SourceRange[] {
  switch (item.kind) {
    case 'node':
      return graph.nodes.find(({ id }) => id === item.id)?.ranges ?? [];
    case 'edge':
      return graph.edges.find(({ id }) => id === item.id)?.ranges ?? [];
    case 'step': {
      const entry = graph.entries.find(({ node }) => node === item.entry);
      const range = entry?.steps[item.step]?.range;
      return range ? [range] : [];
    }
  }
}
