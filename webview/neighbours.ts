import type { PlacedNode } from './layout';

export type ArrowKey = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/**
 * The node that an arrow key leads to: up and down within the column, left and right to the
 * nearest in the next column that has one; undefined at the border.
 */
export function neighbour(
  nodes: readonly PlacedNode[],
  from: PlacedNode,
  key: ArrowKey,
): PlacedNode | undefined {
  const y = (node: PlacedNode) => node.y + node.height / 2;
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const column = nodes.filter((node) => node.column === from.column).sort((a, b) => y(a) - y(b));
    return column[column.indexOf(from) + (key === 'ArrowDown' ? 1 : -1)];
  }
  const step = key === 'ArrowRight' ? 1 : -1;
  const distance = (node: PlacedNode) => step * (node.column - from.column);
  const ahead = nodes.filter((node) => distance(node) > 0);
  return ahead.sort(
    (a, b) => distance(a) - distance(b) || Math.abs(y(a) - y(from)) - Math.abs(y(b) - y(from)),
  )[0];
}
