import { bySeverity, type Finding } from '../finding';
import { lineKey, type SourceRange } from '../source';
import type { FlowGraph } from './graph';
import { append } from '../append';

/** A finding that concerns what a graph shows, and where in the graph its place is. */
export interface FlowFinding {
  readonly finding: Finding;
  /** The ids of the nodes and edges that stand for its place; none where the graph has none. */
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

/**
 * The findings that concern a graph, the worst first.
 *
 * @param own those about its Service; none of a packet's graph
 * @param others of the node: they count where their place is a rule or row that the graph's packets meet
 */
export function flowFindings(
  { nodes, edges }: Pick<FlowGraph, 'nodes' | 'edges'>,
  own: readonly Finding[],
  others: readonly Finding[],
): readonly FlowFinding[] {
  const nodesAt = idsByPlace(nodes);
  const edgesAt = idsByPlace(edges);
  const placed = (finding: Finding): FlowFinding => {
    const place = lineKey(finding.range);
    return { finding, nodes: nodesAt.get(place) ?? [], edges: edgesAt.get(place) ?? [] };
  };
  const met = others.map(placed).filter((one) => one.nodes.length + one.edges.length > 0);
  return [...own.map(placed), ...met].sort((left, right) =>
    bySeverity(left.finding, right.finding),
  );
}

function idsByPlace(
  items: readonly { readonly id: string; readonly ranges: readonly SourceRange[] }[],
): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const { id, ranges } of items) {
    for (const place of new Set(ranges.map(lineKey))) {
      append(ids, place, id);
    }
  }
  return ids;
}
