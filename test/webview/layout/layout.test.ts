import assert from 'node:assert/strict';
import type { FlowGraph } from '../../../src/core/flow/graph';
import { groupEndpoints } from '../../../src/core/flow/group';
import { columnsOf } from '../../../webview/layout/columns';
import { layOut } from '../../../webview/layout/layout';
import type { Layout, PlacedNode } from '../../../webview/layout/placed';
import { nodeSize } from '../../../webview/layout/nodeBox';
import { edge, loadBalancer, manyEndpoints, node } from '../graphs';

const measure = {
  label: (text: string) => text.length * 7.2,
  words: (text: string) => text.length * 7,
  detail: (text: string) => text.length * 6,
  badge: (text: string) => text.length * 6.5,
};

function place(graph: FlowGraph, expanded: readonly string[] = []): Layout {
  return layOut(graph, {
    node: (item) => nodeSize(item, measure, expanded.includes(item.id)),
    label: ({ label }) => (label ? measure.badge(label) : 0),
  });
}

function find(layout: Layout, id: string): PlacedNode {
  const found = layout.nodes.find((placed) => placed.node.id === id);
  assert.ok(found, id);
  return found;
}

/** All points of a path, its curves taken for the lines between their ends and handles. */
function pointsOf(path: string): { x: number; y: number }[] {
  const points: { x: number; y: number }[] = [];
  for (const [, command, rest] of path.matchAll(/([MCH])([^MCH]*)/g)) {
    const numbers = rest!.split(/[ ,]+/).map(Number);
    if (command === 'H') points.push({ x: numbers[0]!, y: points.at(-1)!.y });
    else
      for (let i = 0; i < numbers.length; i += 2)
        points.push({ x: numbers[i]!, y: numbers[i + 1]! });
  }
  return points;
}

suite('layout', () => {
  test('goes from left to right along every edge', () => {
    const layout = place(loadBalancer());
    for (const { edge: way } of layout.edges) {
      const from = find(layout, way.from);
      assert.ok(from.x + from.width < find(layout, way.to).x, way.id);
    }
  });

  test('no node lies over another', () => {
    const { nodes } = place(groupEndpoints(manyEndpoints(1000), 'place'), ['group on node-1']);
    for (const [i, a] of nodes.entries()) {
      for (const b of nodes.slice(i + 1)) {
        const apart =
          a.x + a.width <= b.x ||
          b.x + b.width <= a.x ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y;
        assert.ok(apart, `${a.node.id} over ${b.node.id}`);
      }
    }
  });

  test('all endpoints stand in one column, whatever leads to them', () => {
    const columns = columnsOf({
      nodes: [
        node('in', 'entry'),
        node('SVC', 'chain'),
        node('SVL', 'chain'),
        node('near', 'endpoint'),
        node('far', 'endpoint'),
        node('out', 'exit'),
      ],
      edges: [
        edge('in', 'SVC'),
        edge('in', 'far'),
        edge('SVC', 'SVL'),
        edge('SVL', 'near'),
        edge('near', 'out'),
        edge('far', 'out'),
      ],
    });
    assert.deepEqual([...columns.values()], [0, 1, 2, 3, 3, 4]);
  });

  test('a jump in a circle neither hangs nor loses a node', () => {
    const layout = place({
      ...loadBalancer(),
      nodes: [node('a', 'entry'), node('b', 'chain'), node('c', 'chain')],
      edges: [edge('a', 'b'), edge('b', 'c'), edge('c', 'b')],
    });
    assert.equal(layout.nodes.length, 3);
    assert.equal(layout.edges.length, 3);
  });

  test('an edge to a node that is not there is left out', () => {
    const graph = loadBalancer();
    const layout = place({ ...graph, edges: [...graph.edges, edge('pod', 'nowhere')] });
    assert.equal(layout.edges.length, graph.edges.length);
  });

  test('an empty graph has a size', () => {
    const layout = place({ ...loadBalancer(), nodes: [], edges: [] });
    assert.ok(layout.width > 0 && layout.height > 0);
  });

  test('nodes that lead the same way stand in the given order', () => {
    const names = ['e', 'b', 'd', 'a', 'c'];
    const layout = place({
      ...loadBalancer(),
      nodes: [...names.map((name) => node(name, 'entry')), node('in', 'hook')],
      edges: names.toReversed().map((name) => edge(name, 'in')),
    });
    const placed = layout.nodes.filter(({ column }) => column === 0).sort((a, b) => a.y - b.y);
    assert.deepEqual(
      placed.map((item) => item.node.id),
      names,
    );
  });

  test('an edge over several columns passes beside their nodes', () => {
    const layout = place(loadBalancer());
    const way = layout.edges.find(
      (placed) => placed.edge.id === 'KUBE-SERVICES -> KUBE-SVC-S6GYCJULEJ2HSKT7',
    )!;
    const passed = layout.nodes.filter(({ column }) => column === 3 || column === 4);
    assert.ok(passed.length >= 3);
    for (const { x, y, width, height, node: over } of passed) {
      const level = pointsOf(way.path).filter((point) => point.x >= x && point.x <= x + width);
      assert.ok(level.length > 0, 'crosses the column');
      for (const point of level) {
        assert.ok(point.y < y || point.y > y + height, `runs through ${over.id}`);
      }
    }
  });

  test('the width is the effective share: a third is a third as wide', () => {
    const layout = place(loadBalancer());
    const widths = new Map(layout.edges.map((placed) => [placed.edge.id, placed.width]));
    const whole = widths.get('pod -> PREROUTING')!;
    const third = widths.get('KUBE-SVC-S6GYCJULEJ2HSKT7 -> 10.244.1.5:8080')!;
    assert.ok(Math.abs(whole / third - 3) < 0.05, `${whole} to ${third}`);
  });

  test('labels of one node do not overlap', () => {
    const layout = place(loadBalancer());
    const labels = layout.edges.filter((placed) => placed.edge.label).map((placed) => placed.label);
    const heights = labels.map(({ y }) => y).sort((a, b) => a - b);
    for (const [i, y] of heights.slice(1).entries()) assert.ok(y - heights[i]! >= 16);
  });

  test('heads the columns by what stands in them', () => {
    assert.deepEqual(
      place(loadBalancer()).lanes.map(({ title }) => title),
      ['Who asks', 'Hooks and chains', 'Endpoints', 'Hooks and chains', 'What becomes of it'],
    );
  });
});
