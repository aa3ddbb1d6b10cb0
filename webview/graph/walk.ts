import type { Layout, PlacedEdge, PlacedNode } from '../layout/placed';
import { acrossOf, neighbour, type ArrowKey } from '../layout/neighbours';

/** What the keyboard stands on. */
export type Spot = { readonly kind: 'node' | 'edge'; readonly id: string };

export interface Walkable {
  readonly direction: Layout['direction'];
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** From top to bottom, packets go down: keys mean what they show. */
const turned: Readonly<Record<ArrowKey, ArrowKey>> = {
  ArrowDown: 'ArrowRight',
  ArrowUp: 'ArrowLeft',
  ArrowRight: 'ArrowDown',
  ArrowLeft: 'ArrowUp',
};

export function isArrow(key: string): key is ArrowKey {
  return /^Arrow(Left|Right|Up|Down)$/.test(key);
}

/**
 * Where an arrow key leads: from node to node, with Shift from a node to its first edge; from an
 * edge to its ends, or up and down among those that leave the same node. undefined at the border.
 */
export function walk(
  graph: Walkable,
  from: Spot,
  pressed: ArrowKey,
  shift: boolean,
): Spot | undefined {
  const { nodes, edges, direction } = graph;
  const key = direction === 'right' ? pressed : turned[pressed];
  const heights = new Map(nodes.map((placed) => [placed.node.id, acrossOf(direction)(placed)]));
  const sorted = (end: 'from' | 'to', id: string, by: 'from' | 'to') =>
    edges
      .filter(({ edge }) => edge[end] === id)
      .sort((a, b) => (heights.get(a.edge[by]) ?? 0) - (heights.get(b.edge[by]) ?? 0));
  if (from.kind === 'node') {
    if (!shift) {
      const placed = nodes.find(({ node }) => node.id === from.id);
      const next = placed && neighbour(graph, placed, key);
      return next && { kind: 'node', id: next.node.id };
    }
    const [first] =
      key === 'ArrowRight'
        ? sorted('from', from.id, 'to')
        : key === 'ArrowLeft'
          ? sorted('to', from.id, 'from')
          : [];
    return first && { kind: 'edge', id: first.edge.id };
  }
  const at = edges.find(({ edge }) => edge.id === from.id)?.edge;
  if (!at) return undefined;
  if (key === 'ArrowRight') return { kind: 'node', id: at.to };
  if (key === 'ArrowLeft') return { kind: 'node', id: at.from };
  const siblings = sorted('from', at.from, 'to');
  const index = siblings.findIndex(({ edge }) => edge.id === at.id);
  const next = siblings[index + (key === 'ArrowDown' ? 1 : -1)];
  return next && { kind: 'edge', id: next.edge.id };
}
