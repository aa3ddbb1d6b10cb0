import assert from 'node:assert/strict';
import { layOut } from '../../../webview/layout/layout';
import type { ArrowKey } from '../../../webview/layout/neighbours';
import { isArrow, walk, type Spot } from '../../../webview/graph/walk';
import { edge, node } from '../graphs';

suite('walking with the arrow keys', () => {
  // a leads to b and, below it, c; both lead to d.
  const graph = layOut(
    {
      title: '',
      header: '',
      verdict: { tone: 'good', parts: [], conditions: [] },
      facts: { at: '', node: '' },
      nodes: [node('a', 'entry'), node('b', 'chain'), node('c', 'chain'), node('d', 'exit')],
      edges: [edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd')],
      entries: [],
      warnings: [],
      assumptions: [],
      counters: 'none',
    },
    { node: () => ({ width: 100, height: 40 }), label: () => 0 },
  );
  const at = (id: string): Spot => ({ kind: id.includes('>') ? 'edge' : 'node', id });
  const cases: readonly (readonly [string, ArrowKey, boolean, string | undefined])[] = [
    ['a', 'ArrowRight', false, 'b'],
    ['a', 'ArrowRight', true, 'a -> b'],
    ['d', 'ArrowLeft', true, 'b -> d'],
    ['d', 'ArrowRight', true, undefined],
    ['a', 'ArrowDown', true, undefined],
    ['a -> b', 'ArrowDown', false, 'a -> c'],
    ['a -> c', 'ArrowUp', false, 'a -> b'],
    ['a -> b', 'ArrowUp', false, undefined],
    ['a -> c', 'ArrowRight', false, 'c'],
    ['a -> c', 'ArrowLeft', false, 'a'],
    ['x -> y', 'ArrowLeft', false, undefined],
  ];
  for (const [from, key, shift, to] of cases) {
    test(`${shift ? 'Shift ' : ''}${key} from ${from} leads to ${to ?? 'nowhere'}`, () => {
      assert.equal(walk(graph, at(from), key, shift)?.id, to);
    });
  }

  test('keys are arrows or none', () => {
    for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) assert.ok(isArrow(key));
    for (const key of ['Arrow', 'ArrowLeftX', 'xArrowUp', 'Enter']) assert.ok(!isArrow(key), key);
  });
});
