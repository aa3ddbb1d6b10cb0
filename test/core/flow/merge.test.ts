import assert from 'node:assert/strict';
import type { FlowNode } from '../../../src/core/flow/graph';
import { createMerger } from '../../../src/core/flow/merge';
import type { VisitedWay } from '../../../src/core/flow/visit';
import { finish } from '../../../src/core/work';
import { withPauses } from '../../pauses';

const node = (id: string): FlowNode => ({
  id,
  kind: 'endpoint',
  label: id,
  detail: '',
  marks: [],
  reason: undefined,
  ranges: [],
});

/** As many ways as a virtual server may have before a trace stops, each to an endpoint of its own. */
function wayTo(id: string): VisitedWay {
  const way = {
    steps: [],
    beforeFork: 0,
    branches: [],
    branchAt: [],
    frames: [],
    verdict: {},
    probability: 1 / 4000,
  } as unknown as VisitedWay['way'];
  return { way, visits: [{ node: node(id), at: 0, enteredBy: [] }] };
}

suite('the ways of all entries as one graph', () => {
  test('4,000 endpoints: each list is made with pauses', () => {
    const merger = createMerger();
    merger.addNode(node('entry'));
    finish(
      merger.addWays(
        'entry',
        Array.from({ length: 4000 }, (_, i) => wayTo(`${i}`)),
      ),
    );
    const nodes = withPauses(merger.nodes());
    const edges = withPauses(merger.edges());
    const own = withPauses(merger.edgesOf('entry'));
    assert.equal(nodes.value.length, 4001);
    assert.equal(edges.value.length, 4000);
    assert.equal(edges.value[7]!.label, '0.03 %');
    assert.deepEqual(
      own.value.edges,
      edges.value.map(({ id }) => id),
    );
    assert.equal(own.value.shares['entry > 7'], 1 / 4000);
    for (const { pauses } of [nodes, edges, own]) assert.ok(pauses >= 60, `${pauses} pauses`);
  });

  test('an entry has the edges alone that its packets pass', () => {
    const merger = createMerger();
    for (const id of ['a', 'b']) merger.addNode(node(id));
    finish(merger.addWays('a', [wayTo('x')]));
    finish(merger.addWays('b', [wayTo('x'), wayTo('y')]));
    assert.deepEqual(finish(merger.edgesOf('a')), { edges: ['a > x'], shares: { 'a > x': 1 } });
    const { edges, shares } = finish(merger.edgesOf('b'));
    assert.deepEqual(edges, ['b > x', 'b > y']);
    assert.deepEqual(shares, { 'b > x': 1 / 4000, 'b > y': 1 / 4000 });
    const labels = finish(merger.edges()).map(({ id, label }) => [id, label !== undefined]);
    assert.deepEqual(labels, [
      ['a > x', false],
      ['b > x', true],
      ['b > y', true],
    ]);
  });
});
