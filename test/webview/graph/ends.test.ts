import assert from 'node:assert/strict';
import { endOf, startOf } from '../../../webview/graph/ends';
import type { Layout, PlacedNode } from '../../../webview/layout/placed';
import type { FlowNode } from '../../../src/core/flow/graph';
import { node } from '../graphs';

const panel = { width: 800, height: 600 };

const placed = (kind: FlowNode['kind'], column: number, x: number, y: number): PlacedNode => ({
  node: node(`${kind} ${x} ${y}`, kind),
  column,
  x,
  y,
  width: 200,
  height: 50,
});

const layout = (...nodes: PlacedNode[]): Layout => ({
  direction: 'right',
  nodes,
  edges: [],
  lanes: [],
  width: 2000,
  height: 2000,
});

suite('both ends of a graph', () => {
  test('the start is the box around all who ask', () => {
    const asks = [placed('entry', 0, 16, 40), placed('entry', 0, 16, 340)];
    const start = startOf(layout(...asks, placed('chain', 1, 300, 900)));
    assert.deepEqual(start, { x: 16, y: 40, width: 200, height: 350 });
  });

  test('nobody asks: the start is a point', () => {
    assert.deepEqual(startOf(layout()), { x: 0, y: 0, width: 0, height: 0 });
  });

  test('the end is all endpoints that have room in the panel where text can still be read', () => {
    const ends = [placed('endpoint', 3, 900, 100), placed('group', 3, 900, 200)];
    const others = [placed('chain', 1, 300, 0), placed('drop', 4, 1200, 0)];
    const end = endOf(layout(...others, ...ends), panel);
    assert.deepEqual(end, { x: 900, y: 100, width: 200, height: 150 });
  });

  test('endpoints that are too far from each other: the first is seen', () => {
    // 600 pixels less the margins show 946 at 60 %.
    const ends = (distance: number) =>
      endOf(layout(placed('endpoint', 3, 9, 0), placed('endpoint', 3, 9, distance)), panel);
    assert.equal(ends(890)?.height, 940);
    assert.equal(ends(900)?.height, 50);
    const wide = (distance: number) =>
      endOf(layout(placed('endpoint', 3, 0, 9), placed('endpoint', 4, distance, 9)), panel);
    assert.equal(wide(1070)?.width, 1270);
    assert.equal(wide(1090)?.width, 200);
  });

  test('without an endpoint the end is what becomes of packets; without a node there is none', () => {
    const drop = placed('drop', 4, 1200, 70);
    const end = endOf(layout(placed('entry', 0, 16, 40), drop), panel);
    assert.deepEqual(end, { x: 1200, y: 70, width: 200, height: 50 });
    assert.equal(endOf(layout(), panel), undefined);
  });
});
