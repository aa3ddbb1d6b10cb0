import assert from 'node:assert/strict';
import type { EdgeRate } from '../../../src/core/flow/graph';
import { groupEndpoints } from '../../../src/core/flow/group';
import { manyEndpoints } from '../../webview/graphs';

suite('grouping of endpoints', () => {
  test('few endpoints stay as they are', () => {
    const graph = manyEndpoints(24);
    assert.equal(groupEndpoints(graph, 'place'), graph);
  });

  test('by node: one group each, its share and its edges added up', () => {
    const { nodes, edges, entries } = groupEndpoints(manyEndpoints(1000), 'place');
    const groups = nodes.filter(({ kind }) => kind === 'group');
    assert.deepEqual(
      groups.map(({ label, detail }) => [label, detail]),
      [
        ['334 endpoints', 'on node-0'],
        ['333 endpoints', 'on node-1'],
        ['333 endpoints', 'on node-2'],
      ],
    );
    assert.equal(nodes.filter(({ kind }) => kind === 'endpoint').length, 0);
    const first = edges.find(({ to }) => to === 'group on node-0')!;
    assert.ok(Math.abs(first.share! - 0.334) < 1e-9);
    assert.equal(first.label, '33.4 %');
    assert.equal(edges.length, 2 + 3 + 3);
    assert.ok(entries[0]!.edges.includes(first.id));
  });

  test('by share: equal endpoints are one group', () => {
    const { nodes } = groupEndpoints(manyEndpoints(1000), 'share');
    const [group, ...others] = nodes.filter(({ kind }) => kind === 'group');
    assert.deepEqual(others, []);
    assert.equal(group!.detail, '0.1 % each');
    assert.equal(group!.members!.length, 1000);
  });

  test('what the edges of a group counted is added up, where each of them counted', () => {
    const graph = manyEndpoints(30);
    const counted = (lacking: number) => ({
      ...graph,
      nodes: graph.nodes.map((node) =>
        node.kind === 'endpoint' ? { ...node, place: 'node-0' } : node,
      ),
      edges: graph.edges.map((edge, i) => {
        const counters = { packets: 2, bytes: 100, unit: 'connections', shared: false } as const;
        const { counters: _, ...bare } = edge;
        return i === lacking ? bare : { ...bare, counters };
      }),
    });
    const toGroup = (lacking: number) =>
      groupEndpoints(counted(lacking), 'place').edges.find(({ to }) => to === 'group on node-0')!;
    const own = toGroup(-1);
    assert.deepEqual([own.counters?.packets, own.counters?.bytes], [60, 3000]);
    // Part of the packets is no sum.
    const member = graph.edges.findIndex(({ id }) => id === own.members!.at(-1));
    assert.ok(member >= 0);
    assert.equal(toGroup(member).counters, undefined);
  });

  test('so are the rates of its edges; one that has none leaves the group without', () => {
    const graph = manyEndpoints(30);
    const nodes = graph.nodes.map((node) =>
      node.kind === 'endpoint' ? { ...node, place: 'node-0' } : node,
    );
    const endpoints = new Set(nodes.flatMap(({ id, kind }) => (kind === 'endpoint' ? [id] : [])));
    const ends = graph.edges.filter(({ to }) => endpoints.has(to));
    assert.equal(ends.length, 30);
    const rateOf = (...rates: readonly (EdgeRate | undefined)[]) => {
      const edges = ends.map((edge, i) => {
        const rate = i < rates.length ? rates[i] : rates[0];
        return rate ? { ...edge, rate } : edge;
      });
      return groupEndpoints({ ...graph, nodes, edges }, 'place').edges[0]!.rate;
    };
    const reason = { reason: 'the counters were reset' };
    assert.deepEqual(rateOf({ perSecond: 0.5 }), { perSecond: 15 });
    assert.deepEqual(rateOf({ connections: 2 }), { connections: 60 });
    assert.deepEqual(rateOf({ perSecond: 0.5 }, reason), reason);
    assert.equal(rateOf({ perSecond: 0.5 }, undefined), undefined);
    assert.equal(rateOf(undefined), undefined);
  });

  test('an unknown share makes the sum unknown', () => {
    const graph = manyEndpoints(30);
    const nodes = graph.nodes.map((node) =>
      node.kind === 'endpoint' ? { ...node, place: undefined } : node,
    );
    const edges = graph.edges.map((edge) => ({ ...edge, share: undefined, unknown: 'no dump' }));
    const grouped = groupEndpoints({ ...graph, nodes, edges }, 'place');
    const edge = grouped.edges.find(({ to }) => to.startsWith('group'))!;
    assert.equal(edge.to, 'group node not known');
    assert.equal(edge.share, undefined);
    assert.equal(edge.unknown, 'no dump');
  });
});
