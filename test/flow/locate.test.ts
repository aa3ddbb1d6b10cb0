import assert from 'node:assert/strict';
import { itemsAt, rangesOf } from '../../src/flow/locate';
import { loadBalancer } from '../webview/graphs';

suite('places of a graph', () => {
  const graph = loadBalancer();

  test('a line of the dump lights up what stands for it, of that dump only', () => {
    const { nodes, edges } = itemsAt(graph, 'node-a.iptables', 2);
    assert.deepEqual(nodes, []);
    assert.equal(edges.length, graph.edges.length);
    assert.equal(itemsAt(graph, 'node-b.iptables', 2).edges.length, 0);
  });

  test('nodes, edges and steps have their rules', () => {
    const lines = (item: Parameters<typeof rangesOf>[1]) =>
      rangesOf(graph, item).map(({ line }) => line);
    assert.deepEqual(lines({ kind: 'node', id: 'PREROUTING' }), [1]);
    assert.deepEqual(lines({ kind: 'edge', id: 'pod -> PREROUTING' }), [2]);
    assert.deepEqual(lines({ kind: 'step', entry: 'pod', step: 0 }), [3]);
  });

  test('what the graph does not have has none: a message can name no other place', () => {
    assert.deepEqual(rangesOf(graph, { kind: 'node', id: '/etc/passwd' }), []);
    assert.deepEqual(rangesOf(graph, { kind: 'step', entry: 'pod', step: 99 }), []);
  });
});
