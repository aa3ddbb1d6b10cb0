import assert from 'node:assert/strict';
import { layOutDown } from '../../../webview/layout/layoutDown';
import { edge, loadBalancer, node } from '../graphs';

const ids = ['b', 'c', 'd', 'e', 'f'];
const graph = {
  ...loadBalancer(),
  nodes: [node('a', 'entry'), ...ids.map((id) => node(id, 'chain'))],
  edges: [...ids.map((id) => edge('a', id)), edge('a', 'nowhere')],
};

function place(width: number, label = 0) {
  const room = { node: () => ({ width: 100, height: 40 }), label: () => label };
  return layOutDown(graph, room, width);
}

/** The nodes by the rows that they stand in. */
function rows(width: number): string[] {
  const byTop = new Map<number, string[]>();
  for (const { node: one, y } of place(width).nodes) {
    byTop.set(y, [...(byTop.get(y) ?? []), one.id]);
  }
  return [...byTop].map(([y, row]) => `${y}: ${row.join(' ')}`);
}

suite('a graph from top to bottom', () => {
  test('each rank in rows of about one length, no wider than there is room', () => {
    assert.deepEqual(rows(572), ['12: a', '86: b c d e f']);
    assert.deepEqual(rows(571), ['12: a', '86: b c d', '138: e f']);
    assert.deepEqual(rows(348), ['12: a', '86: b c d', '138: e f']);
    assert.deepEqual(rows(347), ['12: a', '86: b c', '138: d e', '190: f']);
    // One a row at least.
    assert.equal(rows(10).length, 6);
  });

  test('rows stand in the middle, within the margin', () => {
    const { nodes, width, height, lanes, direction } = place(571);
    const at = (id: string) => nodes.find((placed) => placed.node.id === id)!;
    assert.deepEqual([width, height, lanes, direction], [348, 190, [], 'down']);
    assert.deepEqual(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => at(id).x),
      [124, 12, 124, 236, 68, 180],
    );
    assert.deepEqual(
      [at('a').column, at('f').column, at('b').width, at('b').height],
      [0, 1, 100, 40],
    );
  });

  test('there is room for labels above a row that has them', () => {
    const tops = place(571, 30).nodes.map(({ y }) => y);
    assert.deepEqual([...new Set(tops)], [12, 106, 178]);
  });

  test('edges leave and reach a node in the order of where they go; those to nowhere are left out', () => {
    const { edges } = place(572);
    assert.deepEqual(
      edges.map(({ edge: { to }, path }) => [to, path]),
      [
        ['b', 'M256,52C256,69 62,69 62,86'],
        ['c', 'M271,52C271,69 174,69 174,86'],
        ['d', 'M286,52C286,69 286,69 286,86'],
        ['e', 'M301,52C301,69 398,69 398,86'],
        ['f', 'M316,52C316,69 510,69 510,86'],
      ],
    );
    assert.deepEqual(edges[0]!.label, { side: 'above', x: 62, y: 86 });
  });
});
