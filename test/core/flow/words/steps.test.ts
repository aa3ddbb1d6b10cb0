import assert from 'node:assert/strict';
import { stepsOf } from '../../../../src/core/flow/words/steps';
import type { VisitedWay } from '../../../../src/core/flow/visit';
import type { Step } from '../../../../src/core/trace/trace';
import { finish } from '../../../../src/core/work';

const range = { source: 'rules', line: 3, start: 0, end: 1 };
const rule = (chain: string, more: Partial<Step> = {}): Step =>
  ({
    kind: 'rule',
    hook: 'prerouting',
    type: 'nat',
    table: 'nat',
    chain,
    rule: 1,
    mark: 0,
    effect: `jump ${chain}`,
    range,
    ...more,
  }) as Step;
const step = (kind: string, more: object = {}) =>
  ({ kind, hook: 'prerouting', mark: 0, effect: 'does it', ...more }) as unknown as Step;

interface Way {
  readonly steps: readonly Step[];
  readonly probability?: number | undefined;
  readonly beforeFork?: number;
  readonly reasons?: readonly string[];
  readonly verdict?: object;
}

/** A way to an endpoint of that name, at the place of its second step. */
function way(
  endpoint: string,
  { steps, probability = 1, beforeFork = 0, ...more }: Way,
): VisitedWay {
  const { reasons = [], verdict = {} } = more;
  return {
    way: {
      steps,
      beforeFork,
      probability: reasons.length > 0 ? undefined : probability,
      branches: reasons.map((unknown) => ({ unknown })),
      branchAt: [],
      frames: [],
      verdict: { kind: 'ACCEPT', reason: 'why', ...verdict },
    },
    visits: [
      { at: 0, enteredBy: [], node: { id: 'chain', kind: 'chain', label: 'chain', ranges: [] } },
      {
        at: 1,
        enteredBy: [],
        node: { id: endpoint, kind: 'endpoint', label: endpoint, ranges: [range] },
      },
    ],
  } as unknown as VisitedWay;
}

const listed = (
  ways: readonly VisitedWay[],
  called: (chain: string) => string | undefined = () => undefined,
) => finish(stepsOf(ways, ['it rains'], ({ chain }) => called(chain)));
const texts = (...ways: readonly VisitedWay[]) =>
  listed(ways).map(({ text, depth }) => `${'  '.repeat(depth)}${text}`);

suite('the list of steps beside a graph', () => {
  test('of one way: what is assumed, each step, and how it ends', () => {
    const steps = [
      rule('A'),
      step('return'),
      step('policy'),
      step('nat'),
      step('routing'),
      step('conntrack'),
      step('ipvs'),
      step('bridge'),
    ];
    assert.deepEqual(texts(way('e', { steps })), [
      'Assumed: it rains',
      'jump A',
      'NAT: does it',
      'Route: does it',
      'Conntrack: does it',
      'IPVS: does it',
      'Bridge: does it',
      'ACCEPT: why',
    ]);
    assert.deepEqual(finish(stepsOf([], ['it rains'], () => undefined)), []);
  });

  test('a rule with its place and marks, what it goes to by name, and what it may be', () => {
    const marked = rule('A', { mark: 1, markAfter: 3 });
    const maybe = rule('B', { maybe: 'the set is not known' } as Partial<Step>);
    const steps = listed([way('e', { steps: [marked, maybe] })], (chain) =>
      chain === 'A' ? 'Service web' : undefined,
    );
    const [, first, second] = steps;
    assert.equal(first!.text, 'Service web (jump A)');
    assert.deepEqual(
      [first!.table, first!.chain, first!.rule, first!.markBefore, first!.markAfter, first!.node],
      ['nat', 'A', 1, 1, 3, 'chain'],
    );
    assert.equal(first!.range, range);
    assert.equal(second!.text, 'jump B (perhaps: the set is not known)');
    assert.equal(second!.node, 'e');
  });

  test('what makes no difference, with why it is not known', () => {
    const steps = [
      step('either', { effect: 'either way' }),
      step('either', { effect: 'or not', unknown: 'no dump' }),
    ];
    assert.deepEqual(texts(way('e', { steps })).slice(1, 3), ['either way', 'or not (no dump)']);
  });

  test('the end: what it takes for granted, and what the client sees', () => {
    const client = { sees: 'refused', text: 'connection refused' };
    const verdict = { kind: 'REJECT', reason: 'rule 1', client };
    assert.equal(
      texts(way('e', { steps: [], verdict })).at(-1),
      'REJECT: rule 1; the client sees: connection refused',
    );
  });

  test('of several ways: what all do, then each on its own, one deeper', () => {
    const own = (name: string) => ({
      steps: [rule('S'), rule(name)],
      beforeFork: 1,
      probability: 0.5,
    });
    assert.deepEqual(texts(way('x', own('X')), way('y', { ...own('Y'), beforeFork: 2 })), [
      'Assumed: it rains',
      'jump S',
      '2 ways from here',
      'x, 50 %',
      '  jump X',
      '  ACCEPT: why',
      'y, 50 %',
      '  jump Y',
      '  ACCEPT: why',
    ]);
  });

  test('of very many the steps of the first alone, the others in a line each', () => {
    const many = (count: number) =>
      texts(
        ...Array.from({ length: count }, (_, i) => way(`e${i}`, { steps: [rule('S'), rule('X')] })),
      ).filter((text) => text.includes('jump X')).length;
    assert.deepEqual([many(40), many(41)], [40, 1]);
  });

  test('a way that state decides says what is not known, each reason once', () => {
    const of = (...reasons: string[]) =>
      texts(way('x', { steps: [], reasons }), way('y', { steps: [] }))[2];
    assert.equal(
      of('a recent client', 'a recent client', 'the mark'),
      'x, unknown: a recent client; the mark',
    );
    const many = Array.from({ length: 13 }, (_, i) => `r${i}`);
    assert.match(of(...many, 'r1')!, /; r9; and 3 more$/);
    assert.match(of(...many.slice(0, 10))!, /; r9$/);
  });
});
