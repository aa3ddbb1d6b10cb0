import assert from 'node:assert/strict';
import { placeCard } from '../../webview/cardPlace';
import { captureTime } from '../../webview/captureTime';
import { columnsOf } from '../../webview/columns';
import { changesOf } from '../../webview/emphasis';
import { acrossOf } from '../../webview/neighbours';
import type { PlacedNode } from '../../webview/placed';
import { edgeWidth, labelSide, portOffsets, slotHeight } from '../../webview/ports';
import { fit, reveal } from '../../webview/viewport';
import { isArrow } from '../../webview/walk';
import { edge, loadBalancer, node } from './graphs';

const at = (id: string, y: number, height = 20): PlacedNode => ({
  ...{ node: node(id, 'chain'), column: 0, x: 0, y, width: 50, height },
});

suite('where edges leave and reach a node', () => {
  test('as wide as their share, never too thin to be clicked', () => {
    assert.deepEqual(
      [1, 0.5, 0.01, 0].map((share) => edgeWidth(edge('a', 'b', { share }))),
      [14, 7, 1.5, 1.5],
    );
    assert.equal(edgeWidth(edge('a', 'b', { share: undefined })), 2.1);
  });

  test('as much room as the edge takes, or its label', () => {
    const thin = { share: 0.01 };
    assert.equal(slotHeight(edge('a', 'b', thin), true), 4.5);
    assert.equal(slotHeight(edge('a', 'b', { ...thin, label: '1 %' }), true), 17);
    assert.equal(slotHeight(edge('a', 'b', { ...thin, label: '1 %' }), false), 4.5);
    assert.equal(slotHeight(edge('a', 'b', { share: 1, label: '100 %' }), true), 17);
  });

  test('a label stands where fewer edges meet; where as many do, at the target', () => {
    const [ab, ac, dc] = [edge('a', 'b'), edge('a', 'c'), edge('d', 'c')];
    const side = labelSide([ab, ac, dc]);
    assert.deepEqual([side(ab), side(ac), side(dc)], ['target', 'target', 'source']);
    assert.equal(labelSide([])(ab), 'target');
  });

  test('edges of one side stand in the order of where they go, around its middle', () => {
    const [ab, ac] = [edge('a', 'b'), edge('a', 'c')];
    const nodes = new Map(
      [at('a', 90), at('b', 200), at('c', 0)].map((placed) => [placed.node.id, placed]),
    );
    const source = (passes: Parameters<typeof portOffsets>[2]) => {
      const ports = portOffsets([ab, ac], nodes, passes, () => 'target');
      assert.deepEqual([ports.get(ab.id)!.target, ports.get(ac.id)!.target], [210, 10]);
      return [ports.get(ab.id)!.source, ports.get(ac.id)!.source];
    };
    assert.deepEqual(source(new Map()), [108.5, 91.5]);
    // One that goes round above is the upper one there.
    assert.deepEqual(source(new Map([[ab.id, [{ left: 0, right: 1, y: -50 }]]])), [91.5, 108.5]);
  });
});

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

suite('pictures, keys and times', () => {
  test('a card that fits nowhere whole stands where most of its height does', () => {
    const window = { width: 800, height: 600 };
    const place = (y: number, height: number) =>
      placeCard({ x: 300, y, width: 400, height }, { width: 500, height: 900 }, window);
    assert.deepEqual(place(100, 100), { left: 292, top: 206, maxHeight: 386 });
    assert.deepEqual(place(400, 100), { left: 292, top: 8, maxHeight: 386 });
    // As much below as above.
    assert.equal(place(250, 100).top, 356);
    const exact = placeCard(
      { x: 0, y: 100, width: 10, height: 100 },
      { width: 9, height: 386 },
      window,
    );
    assert.deepEqual(exact, { left: 8, top: 206, maxHeight: 386 });
  });

  test('what is revealed is as far from the border as what is shown', () => {
    const panel = { width: 800, height: 600 };
    const view = { scale: 2, x: 0, y: 0 };
    const box = (y: number, height = 50) => ({ x: 100, y, width: 50, height });
    assert.equal(reveal(view, box(8), panel), view);
    assert.deepEqual(reveal(view, box(7), panel), { scale: 2, x: 0, y: 2 });
    assert.deepEqual(reveal(view, box(300), panel), { scale: 2, x: 0, y: -116 });
    // Higher than the panel: from its top.
    assert.deepEqual(reveal(view, box(100, 400), panel), { scale: 2, x: 0, y: -184 });
    assert.equal(fit({ width: 100_000, height: 10 }, panel).scale, 0.1);
  });

  test('a counter, a rate and a place are no change; a node that is new is one', () => {
    const graph = loadBalancer();
    const [first, ...rest] = graph.nodes;
    const counted = {
      ...first!,
      counters: { packets: 1, bytes: 2 },
      members: undefined,
    } as typeof first;
    assert.deepEqual([...changesOf(graph, { ...graph, nodes: [counted!, ...rest] })], []);
    assert.deepEqual([...changesOf({ ...graph, nodes: rest }, graph)], [first!.id]);
    assert.deepEqual([...changesOf(graph, { ...graph, nodes: rest })], []);
  });

  test('keys are arrows or none; from top to bottom rows come before columns', () => {
    for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) assert.ok(isArrow(key));
    for (const key of ['Arrow', 'ArrowLeftX', 'xArrowUp', 'Enter']) assert.ok(!isArrow(key), key);
    const placed = { ...at('a', 30), x: 100 };
    assert.deepEqual([acrossOf('right')(placed), acrossOf('down')(placed)], [40, 300_125]);
  });

  test('when it was captured, in the node’s time where no zone is told', () => {
    const now = new Date('2026-11-30T00:00:00Z');
    const time = (captured: string, language = 'en') => captureTime(captured, language, now);
    assert.equal(time('2026-11-21T13:42:24'), 'captured Nov 21, 13:42, node time');
    assert.equal(time('2026-11-21T13:42:24.123', ''), 'captured Nov 21, 13:42, node time');
    assert.equal(time('2025-11-21T00:42:24'), 'captured Nov 21, 2025, 00:42, node time');
    assert.match(time('2026-11-21T13:42:24Z'), /^captured Nov 2\d, \d\d:42$/);
    assert.match(time('2026-11-21T13:42:24+02:00'), /^captured Nov 2\d, \d\d:42$/);
    assert.equal(time('yesterday'), 'captured yesterday');
  });
});
