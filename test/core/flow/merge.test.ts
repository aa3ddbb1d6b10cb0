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

  /** A way through the nodes of these ids, with what is not known at a step. */
  const through = (
    ids: readonly string[],
    probability: number | undefined,
    unknown?: readonly [at: number, text: string],
  ): VisitedWay => ({
    way: {
      ...wayTo('').way,
      probability,
      branches: unknown ? [{ unknown: unknown[1] } as never] : [],
      branchAt: unknown ? [unknown[0]] : [],
    },
    visits: ids.map((id, i) => ({ node: node(id), at: i, enteredBy: [] })),
  });
  /** `a > x 0.25 25 %` of each edge, with what is not known there. */
  const drawn = (ways: Readonly<Record<string, readonly VisitedWay[]>>) => {
    const merger = createMerger();
    for (const [entry, own] of Object.entries(ways)) {
      merger.addNode(node(entry));
      finish(merger.addWays(entry, own));
    }
    return finish(merger.edges()).map(({ id, share, label, unknown }) =>
      [id, share, label, unknown].filter((one) => one !== undefined).join(' '),
    );
  };

  test('shares of ways that meet again add up; where all packets pass there is no fork', () => {
    assert.deepEqual(
      drawn({ a: [through(['h', 'x', 'z'], 0.25), through(['h', 'y', 'z'], 0.75)] }),
      ['a > h 1', 'h > x 0.25 25 %', 'x > z 0.25', 'h > y 0.75 75 %', 'y > z 0.75'],
    );
  });

  test('entries that part there with shares of their own: from the least to the most', () => {
    const ways = (share: number) => [through(['h', 'x'], share), through(['h', 'y'], 1 - share)];
    const [both, same] = [
      drawn({ a: ways(0.25), b: ways(0.5) }),
      drawn({ a: ways(0.5), b: ways(0.5) }),
    ];
    assert.ok(both.includes('h > x 0.5 25 to 50 %'), both.join('; '));
    assert.ok(both.includes('h > y 0.75 50 to 75 %'), both.join('; '));
    assert.ok(same.includes('h > x 0.5 50 %'), same.join('; '));
  });

  test('what is not known at a node’s first step may be of the way there or on: told at both', () => {
    // No share is known from there on; where all packets pass, nothing is open.
    const open = (end: string) => through(['h', end, 'z'], undefined, [1, 'a recent client']);
    assert.deepEqual(drawn({ a: [open('x'), open('y')] }), [
      'a > h 1',
      'h > x a recent client',
      'x > z a recent client',
      'h > y a recent client',
      'y > z a recent client',
    ]);
    const early = through(['h', 'x', 'z'], undefined, [0, 'which device']);
    const late = through(['h', 'x', 'w'], undefined, [2, 'which mark']);
    assert.deepEqual(drawn({ a: [early, late] }), [
      'a > h 1',
      'h > x 1',
      'x > z',
      'x > w which mark',
    ]);
  });

  test('an entry whose share is not known leaves the others\u2019 without a label', () => {
    const known = [through(['h', 'x'], 0.5), through(['h', 'y'], 0.5)];
    const open = [through(['h', 'x'], undefined, [1, 'state']), through(['h', 'y'], 0.5)];
    const told = drawn({ a: known, b: open });
    assert.ok(told.includes('h > x state'), told.join('; '));
    assert.ok(told.includes('h > y 0.5 50 %'), told.join('; '));
  });

  test('a node has the places, marks and conditions of all ways, each once', () => {
    const merger = createMerger();
    const at = (line: number) => ({ source: 'x', line, start: 0, end: 0 });
    const set = { action: 'set', bits: 1 } as const;
    const add = (more: Partial<FlowNode>) => merger.addNode({ ...node('a'), ...more });
    add({ ranges: [at(1)], marks: [set] });
    add({ ranges: [at(1), at(2)], marks: [set, { action: 'test', bits: 1 }], condition: 'one' });
    add({ marks: [{ action: 'set', bits: 2 }], condition: 'two', regardless: ['p', 'q'] });
    add({ regardless: ['q'] });
    merger.addNode(node('b'));
    const [a, b] = finish(merger.nodes());
    assert.deepEqual(
      a!.ranges.map(({ line }) => line),
      [1, 2],
    );
    assert.deepEqual(
      a!.marks.map(({ action, bits }) => `${action} ${bits}`),
      ['set 1', 'test 1', 'set 2'],
    );
    assert.deepEqual([a!.condition, a!.regardless], ['one', ['p', 'q']]);
    assert.ok(!('condition' in b!) && !('regardless' in b!));
  });
});
