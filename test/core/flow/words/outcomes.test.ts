import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import { outcomesOf } from '../../../../src/core/flow/words/outcomes';
import type { VisitedWay } from '../../../../src/core/flow/visit';
import type { Verdict } from '../../../../src/core/trace/trace';
import { finish } from '../../../../src/core/work';

/** A way that ends so; through the node of an endpoint, where one is named. */
function way(
  verdict: Pick<Verdict, 'kind'> & Partial<Verdict>,
  { endpoint, probability = 1 }: { endpoint?: string; probability?: number } = {},
): VisitedWay {
  const visits = endpoint === undefined ? [] : [{ node: { kind: 'endpoint', label: endpoint } }];
  const own = { verdict: { reason: 'why', ...verdict }, steps: [], probability };
  return { way: own, visits } as unknown as VisitedWay;
}

const outcomes = (...ways: readonly VisitedWay[]) => finish(outcomesOf(ways, []));
const kinds = (...ways: readonly VisitedWay[]) => outcomes(...ways).map(({ kind }) => kind);

suite('what becomes of a sender’s packets', () => {
  test('delivered to an endpoint, or passed by', () => {
    assert.deepEqual(kinds(way({ kind: 'ACCEPT' }, { endpoint: '10.0.0.1:80' })), ['delivered']);
    assert.deepEqual(kinds(way({ kind: 'ACCEPT' })), ['passed']);
  });

  test('of a packet that is not delivered: what its client sees, else what the verdict tells', () => {
    for (const kind of ['DROP', 'LOST'] as const)
      assert.deepEqual(kinds(way({ kind })), ['silence']);
    assert.deepEqual(kinds(way({ kind: 'REJECT' })), ['refused']);
    const client = (sees: 'refused' | 'silence') =>
      ({ client: { sees, text: '' } }) as unknown as Partial<Verdict>;
    assert.deepEqual(kinds(way({ kind: 'REJECT', ...client('silence') })), ['silence']);
    assert.deepEqual(kinds(way({ kind: 'DROP', ...client('refused') })), ['refused']);
    assert.deepEqual(kinds(way({ kind: 'UNKNOWN' })), ['unknown']);
    assert.deepEqual(kinds(way({ kind: 'STOLEN' })), ['stolen']);
  });

  test('endpoints of one kind together, with the share of each where all have the same', () => {
    const to = (endpoint: string, probability: number) =>
      way({ kind: 'ACCEPT' }, { endpoint, probability });
    const [even, ...others] = outcomes(to('a', 0.25), to('b', 0.25), to('b', 0));
    assert.deepEqual(others, []);
    assert.deepEqual([even!.share, even!.endpoints, even!.each], [0.5, 2, 0.25]);
    const [uneven] = outcomes(to('a', 0.25), to('b', 0.75));
    assert.deepEqual([uneven!.share, uneven!.endpoints, uneven!.each], [1, 2, undefined]);
    // Two ways to one endpoint are one endpoint.
    const [one] = outcomes(to('a', 0.25), to('a', 0.5));
    assert.deepEqual([one!.endpoints, one!.each], [1, 0.75]);
  });

  test('the worst first, each reason once', () => {
    const found = outcomes(
      way({ kind: 'ACCEPT' }, { endpoint: 'a', probability: 0.5 }),
      way({ kind: 'DROP', reason: 'policy' }, { probability: 0.25 }),
      way({ kind: 'DROP', reason: 'policy' }, { probability: 0.125 }),
      way({ kind: 'DROP', reason: 'rule' }, { probability: 0.125 }),
    );
    assert.deepEqual(
      found.map(({ kind, reason, share }) => [kind, reason, share]),
      [
        ['silence', 'policy', 0.375],
        ['silence', 'rule', 0.125],
        ['delivered', undefined, 0.5],
      ],
    );
  });

  /** The rule or virtual server that decided, of ways whose Service is known by the rule at line 2. */
  const by = (verdict: Pick<Verdict, 'kind'> & Partial<Verdict>, more: object, steps: object[]) => {
    const one = way(verdict, verdict.kind === 'ACCEPT' ? { endpoint: 'a' } : {});
    const own = { ...one, way: { ...one.way, steps, beforeFork: steps.length, ...more } };
    const [found] = finish(outcomesOf([own as unknown as VisitedWay], [line(9), line(2)]));
    const decided = found!.by;
    if (!decided) return undefined;
    return decided.kind === 'ipvs' ? decided.text : `${decided.chain} ${decided.rule}`;
  };
  const line = (at: number) => ({ source: 'x', line: at, start: 0, end: 0 });
  const rule = (at: number) => ({
    kind: 'rule',
    table: 'nat',
    chain: 'C',
    rule: at,
    range: line(at),
  });
  const nat = { kind: 'nat' };
  const virtual = (port: number) => ({
    kind: 'ipvs',
    virtual: { address: parseAddress('10.96.0.1')!, port, scheduler: 'rr' },
  });

  test('who did it: of what is delivered the rule by which the Service is known', () => {
    for (const [text, expected, ...args] of [
      ['its rule', 'C 2', { kind: 'ACCEPT' }, {}, [rule(1), rule(2), rule(3), nat]],
      [
        'else the last before it is translated',
        'C 3',
        { kind: 'ACCEPT' },
        {},
        [rule(1), rule(3), nat, rule(4)],
      ],
      [
        'or before chance decides',
        'C 1',
        { kind: 'ACCEPT' },
        { beforeFork: 1 },
        [rule(1), rule(3), nat],
      ],
      ['or the last of all', 'C 4', { kind: 'ACCEPT' }, {}, [rule(1), rule(4)]],
      ['a virtual server', 'IPVS 10.96.0.1:80 rr', { kind: 'ACCEPT' }, {}, [rule(2), virtual(80)]],
      [
        'the rule that dropped it',
        'C 3',
        { kind: 'DROP', range: line(3) },
        {},
        [rule(2), rule(3), rule(4)],
      ],
      ['a policy, which is no rule', undefined, { kind: 'DROP', range: line(7) }, {}, [rule(2)]],
      ['nothing that has a place', undefined, { kind: 'LOST' }, {}, [rule(2)]],
      [
        'the last virtual server where IPVS did',
        'IPVS 10.96.0.1:81 rr',
        { kind: 'DROP', by: 'ipvs', range: line(2) },
        {},
        [virtual(80), rule(2), virtual(81)],
      ],
      [
        'nobody where it is not known',
        undefined,
        { kind: 'UNKNOWN', range: line(2) },
        {},
        [rule(2)],
      ],
    ] as const) {
      assert.equal(by(...(args as unknown as Parameters<typeof by>)), expected, text);
    }
  });
});
