import assert from 'node:assert/strict';
import type { SourceRange } from '../../src/core/source';
import { itemsAt, rangesOf } from '../../src/flow/locate';
import { loadBalancer } from '../webview/graphs';

suite('places of a graph', () => {
  const graph = loadBalancer();

  test('a line of the dump lights up what stands for it, of that dump only', () => {
    const at = (source: string) => itemsAt(graph, { source, line: 2 }, (range) => range);
    const { nodes, edges } = at('node-a.iptables');
    assert.deepEqual(nodes, []);
    assert.equal(edges.length, graph.edges.length);
    assert.equal(at('node-b.iptables').edges.length, 0);
  });

  test('a line of a pasted text lights up what was read from it', () => {
    const original = (range: SourceRange) => ({ ...range, line: range.line + 4 });
    const at = (line: number) => itemsAt(graph, { source: 'node-a.iptables', line }, original);
    assert.equal(at(6).edges.length, graph.edges.length);
    assert.equal(at(2).edges.length, 0);
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
