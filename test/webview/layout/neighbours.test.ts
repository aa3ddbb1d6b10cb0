import assert from 'node:assert/strict';
import type { PlacedEdge, PlacedNode } from '../../../webview/layout/placed';
import { acrossOf, neighbour } from '../../../webview/layout/neighbours';
import { edge, node } from '../graphs';

const at = (id: string, column: number, y: number): PlacedNode => ({
  node: node(id, 'chain'),
  column,
  x: column * 100,
  y,
  width: 50,
  height: 20,
});
const nodes = [at('a', 0, 0), at('b', 0, 50), at('c', 1, 40), at('d', 1, 90), at('e', 3, 0)];
const joined = (from: string, to: string, width: number): PlacedEdge => ({
  edge: edge(from, to),
  path: '',
  width,
  label: { x: 0, y: 0, side: 'target' },
});
const edges = [joined('b', 'c', 2), joined('b', 'd', 14), joined('b', 'e', 2)];
const from = (id: string) => nodes.find((placed) => placed.node.id === id)!;

suite('arrow keys', () => {
  const cases = [
    ['a', 'ArrowDown', 'b'],
    ['a', 'ArrowUp', undefined],
    ['a', 'ArrowRight', 'c'],
    ['b', 'ArrowRight', 'd'],
    ['c', 'ArrowLeft', 'b'],
    ['e', 'ArrowLeft', 'b'],
    ['d', 'ArrowRight', 'e'],
    ['e', 'ArrowRight', undefined],
  ] as const;
  for (const [start, key, end] of cases) {
    test(`${key} from ${start} leads to ${end ?? 'nowhere'}`, () => {
      assert.equal(neighbour({ nodes, edges, direction: 'right' }, from(start), key)?.node.id, end);
    });
  }

  test('from top to bottom rows come before columns', () => {
    const placed = at('a', 1, 30);
    assert.deepEqual([acrossOf('right')(placed), acrossOf('down')(placed)], [40, 300_125]);
  });
});
