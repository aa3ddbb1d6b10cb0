import type { Layout, PlacedNode } from './placed';

export type ArrowKey = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/** Where a node stands in its column, or in its rows from top to bottom, one row after the other. */
export function acrossOf(direction: Layout['direction']): (placed: PlacedNode) => number {
  return direction === 'right'
    ? ({ y, height }) => y + height / 2
    : ({ x, y, width }) => y * 10_000 + x + width / 2;
}

/**
 * The node that an arrow key leads to: up and down within the column, left and right along the
 * widest edge; where there is none, to the nearest in the next column; undefined at the border.
 */
export function neighbour(
  { nodes, edges, direction }: Pick<Layout, 'nodes' | 'edges' | 'direction'>,
  from: PlacedNode,
  key: ArrowKey,
): PlacedNode | undefined {
  const y = acrossOf(direction);
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const column = nodes.filter((node) => node.column === from.column).sort((a, b) => y(a) - y(b));
    return column[column.indexOf(from) + (key === 'ArrowDown' ? 1 : -1)];
  }
  const [near, far] = key === 'ArrowRight' ? (['from', 'to'] as const) : (['to', 'from'] as const);
  const step = key === 'ArrowRight' ? 1 : -1;
  const distance = (node: PlacedNode) => step * (node.column - from.column);
  const widths = new Map<string, number>();
  for (const { edge, width } of edges) {
    if (edge[near] !== from.node.id) continue;
    widths.set(edge[far], Math.max(widths.get(edge[far]) ?? 0, width));
  }
  const joined = (node: PlacedNode) => widths.get(node.node.id) ?? 0;
  const ahead = nodes.filter((node) => distance(node) > 0);
  return ahead.sort(
    (a, b) =>
      joined(b) - joined(a) ||
      distance(a) - distance(b) ||
      Math.abs(y(a) - y(from)) - Math.abs(y(b) - y(from)),
  )[0];
}
