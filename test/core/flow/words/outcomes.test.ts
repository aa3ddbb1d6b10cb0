import assert from 'node:assert/strict';
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
});
