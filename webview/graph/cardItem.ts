import type { FlowGraph } from '../../src/core/flow/graph';
import { edgeLines, edgeName } from './edgeView';
import type { CardItem } from './hoverCard';
import { nodeLines, nodeTitle } from './nodeView';

/** What the graph itself says of a node or an edge; undefined when it has none of that id. */
export function cardItem(
  { nodes, edges }: FlowGraph,
  kind: 'node' | 'edge',
  id: string,
): CardItem | undefined {
  const key = JSON.stringify({ kind, id });
  if (kind === 'node') {
    const members = nodes.flatMap((node) => node.members ?? []);
    const node = [...nodes, ...members].find((other) => other.id === id);
    return node && { key, title: nodeTitle(node), lines: nodeLines(node) };
  }
  const edge = edges.find((other) => other.id === id);
  if (!edge) return undefined;
  const labelOf = (end: string) => nodes.find((node) => node.id === end)?.label ?? '';
  return { key, title: edgeName(labelOf(edge.from), labelOf(edge.to)), lines: edgeLines(edge) };
}
