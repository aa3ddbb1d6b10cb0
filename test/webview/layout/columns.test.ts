import assert from 'node:assert/strict';
import { columnsOf } from '../../../webview/layout/columns';
import { edge, node } from '../graphs';

suite('columns of a graph', () => {
  const columns = (nodes: Parameters<typeof node>[], ...edges: [string, string][]) => {
    const found = columnsOf({
      nodes: nodes.map((one) => node(...one)),
      edges: edges.map(([from, to]) => edge(from, to)),
    });
    return [...found].map(([id, column]) => `${id}${column}`).join(' ');
  };

  test('each behind the last of its predecessors; endpoints and outcomes together', () => {
    assert.equal(
      columns(
        [
          ['a', 'entry'],
          ['b', 'chain'],
          ['c', 'chain'],
        ],
        ['a', 'b'],
        ['b', 'c'],
        ['a', 'c'],
      ),
      'a0 b1 c2',
    );
    assert.equal(
      columns(
        [
          ['a', 'entry'],
          ['e', 'endpoint'],
          ['b', 'chain'],
          ['f', 'endpoint'],
          ['d', 'drop'],
          ['x', 'exit'],
        ],
        ...([
          ['a', 'e'],
          ['a', 'b'],
          ['b', 'f'],
          ['a', 'd'],
          ['f', 'x'],
        ] as [string, string][]),
      ),
      'a0 e2 b1 f2 d3 x3',
    );
  });

  test('an edge that closes a circle, or leads nowhere, moves nothing', () => {
    assert.equal(
      columns(
        [
          ['a', 'entry'],
          ['b', 'chain'],
        ],
        ['a', 'b'],
        ['b', 'a'],
      ),
      'a0 b1',
    );
    assert.equal(columns([['a', 'entry']], ['a', 'x'], ['x', 'a']), 'a0');
  });
});
