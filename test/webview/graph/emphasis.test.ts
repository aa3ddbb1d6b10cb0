import assert from 'node:assert/strict';
import { changesOf, emphasisOf } from '../../../webview/graph/emphasis';
import { loadBalancer } from '../graphs';

suite('emphasis', () => {
  test('an entry keeps its own way bright, up to the endpoints and what leaves', () => {
    const graph = loadBalancer();
    const { nodes, edges } = emphasisOf(graph, graph.entries[1]!);
    assert.ok(nodes.has('OUTPUT') && nodes.has('10.244.1.5:8080') && nodes.has('kept'));
    assert.ok(!nodes.has('PREROUTING') && !nodes.has('rewritten') && !nodes.has('drop'));
    assert.ok(edges.has('OUTPUT -> KUBE-SERVICES'));
  });

  test('a refused entry ends at its drop', () => {
    const graph = loadBalancer();
    const { nodes } = emphasisOf(graph, graph.entries[3]!);
    assert.ok(nodes.has('drop'));
    assert.ok(!nodes.has('10.244.1.5:8080'));
  });

  test('what changed is what says something else, not what moved in the dump', () => {
    const before = loadBalancer();
    const moved = before.nodes.map((node) => ({
      ...node,
      ranges: node.ranges.map((range) => ({ ...range, line: range.line + 1 })),
    }));
    assert.deepEqual([...changesOf(before, { ...before, nodes: moved })], []);

    const edges = before.edges.map((edge) =>
      edge.to === '10.244.1.5:8080' ? { ...edge, share: 0.5, label: '50 %' } : edge,
    );
    assert.deepEqual(
      [...changesOf(before, { ...before, edges })],
      ['KUBE-SVC-S6GYCJULEJ2HSKT7 -> 10.244.1.5:8080'],
    );
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
});
