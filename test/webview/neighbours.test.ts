import assert from 'node:assert/strict';
import type { PlacedNode } from '../../webview/layout';
import { neighbour } from '../../webview/neighbours';
import { node } from './graphs';

const at = (id: string, column: number, y: number): PlacedNode => ({
  node: node(id, 'chain'),
  column,
  x: column * 100,
  y,
  width: 50,
  height: 20,
});
const nodes = [at('a', 0, 0), at('b', 0, 50), at('c', 1, 40), at('d', 1, 90), at('e', 3, 0)];
const from = (id: string) => nodes.find((placed) => placed.node.id === id)!;

suite('arrow keys', () => {
  const cases = [
    ['a', 'ArrowDown', 'b'],
    ['a', 'ArrowUp', undefined],
    ['a', 'ArrowRight', 'c'],
    ['c', 'ArrowLeft', 'b'],
    ['d', 'ArrowRight', 'e'],
    ['e', 'ArrowRight', undefined],
  ] as const;
  for (const [start, key, end] of cases) {
    test(`${key} from ${start} leads to ${end ?? 'nowhere'}`, () => {
      assert.equal(neighbour(nodes, from(start), key)?.node.id, end);
    });
  }
});
