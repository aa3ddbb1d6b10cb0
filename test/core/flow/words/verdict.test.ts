import assert from 'node:assert/strict';
import type { Outcome } from '../../../../src/core/flow/outcome';
import { packetVerdict, verdictOf, type Asked } from '../../../../src/core/flow/words/verdict';
import {
  outcomeReason,
  outcomeText,
  verdictText,
} from '../../../../src/core/flow/words/verdictText';

const works: Outcome = { kind: 'delivered', share: 1, endpoints: 3, each: 1 / 3 };
const half: Outcome = { kind: 'silence', share: 0.5 };
const of = (
  client: Asked['client'],
  via: Asked['via'],
  ...outcomes: readonly Outcome[]
): Asked => ({
  client,
  via,
  outcomes,
});
const said = (...asked: readonly Asked[]) => {
  const verdict = verdictOf(asked);
  return [verdict.tone, verdictText(verdict)];
};

suite('the verdict of a Service port', () => {
  test('for all alike', () => {
    assert.deepEqual(
      said(
        of('pods', 'cluster-ip', works),
        of('node', 'cluster-ip', works),
        of('outside', 'node-port', works),
      ),
      ['good', 'Works for pods, the node and outside clients'],
    );
  });

  test('what works comes first, then the worst; who fares otherwise by another way in is told by it', () => {
    assert.deepEqual(
      said(
        of('pods', 'cluster-ip', works),
        of('outside', 'node-port', { kind: 'refused', share: 1 }),
        of('outside', 'load-balancer-ip', works),
        of('outside', 'external-ip', { kind: 'silence', share: 1 }),
      ),
      [
        'mixed',
        'Works for pods and outside clients (load balancer IP); times out from outside (external IP); refused from outside (NodePort)',
      ],
    );
  });

  for (const [kind, tone, text] of [
    ['refused', 'bad', 'Refused from pods'],
    ['unreachable', 'bad', 'Unreachable from pods'],
    ['silence', 'bad', 'Times out from pods'],
    ['stolen', 'unknown', 'Handed to a program from pods'],
    ['passed', 'bad', 'Reaches no endpoint from pods'],
    ['unknown', 'unknown', 'Unknown for pods'],
  ] as const) {
    test(`${kind}: ${text}`, () => {
      assert.deepEqual(said(of('pods', 'cluster-ip', { kind, share: 1 })), [tone, text]);
    });
  }

  test('in part, where some of its packets are lost', () => {
    assert.deepEqual(said(of('node', 'cluster-ip', half, { ...works, share: 0.5 })), [
      'mixed',
      'Works only in part for the node',
    ]);
  });

  test('a condition is said once', () => {
    const condition = 'the chain FORWARD lets it pass';
    const given = { ...works, condition };
    const [, text] = said(of('pods', 'cluster-ip', given), of('node', 'cluster-ip', given));
    assert.equal(text, `Works for pods and the node, if ${condition}`);
  });

  test('whom its source ranges keep out is no fault of it', () => {
    const barred = of('barred', 'load-balancer-ip', { kind: 'silence', share: 1 });
    assert.equal(said(of('pods', 'cluster-ip', works), barred)[0], 'good');
    assert.equal(said(barred)[0], 'unknown');
    assert.equal(said(of('pods', 'cluster-ip', works), of('node', 'cluster-ip', half))[0], 'mixed');
  });

  test('nobody who asks', () => {
    assert.equal(said()[1], 'No packet reaches it');
  });

  test('why it has no endpoint is said where it fails', () => {
    const cause = { kind: 'selects-nothing' } as const;
    const refused = verdictOf([of('pods', 'cluster-ip', { kind: 'refused', share: 1 })], cause);
    assert.equal(verdictText(refused), 'Refused from pods: its selector matches no Pod');
    const fine = verdictOf([of('pods', 'cluster-ip', works)], cause);
    assert.equal(verdictText(fine), 'Works for pods');
  });
});

suite('the verdict of one packet', () => {
  const told = (...outcomes: readonly Outcome[]) => {
    const verdict = packetVerdict(outcomes);
    return [verdict.tone, verdictText(verdict)];
  };
  const passed: Outcome = { kind: 'passed', share: 0.5 };

  test('what becomes of it, without who sends it', () => {
    assert.deepEqual(told(works), ['good', 'Delivered']);
    assert.deepEqual(told(half), ['bad', 'Lost: the client gets no answer']);
    assert.deepEqual(told({ kind: 'refused', share: 1 }), ['bad', 'Refused']);
    assert.deepEqual(told({ ...works, share: 0.5 }, half), ['mixed', 'Delivered only in part']);
  });

  test('that no endpoint has it is no fault: nothing here tells whose it is', () => {
    assert.deepEqual(told({ kind: 'passed', share: 1 }), ['unknown', 'Reaches no endpoint']);
    // Where another way ends at an endpoint, both arrive.
    assert.deepEqual(told({ ...works, share: 0.5 }, passed), ['good', 'Delivered']);
    assert.deepEqual(told(passed, { ...works, share: 0.5 }), ['good', 'Delivered']);
    assert.deepEqual(told(passed, half)[0], 'bad');
  });

  test('by the worst of several ways', () => {
    const of = (...kinds: Outcome['kind'][]) =>
      told(...kinds.map((kind): Outcome => ({ kind })))[1];
    assert.equal(of('refused', 'silence'), 'Lost: the client gets no answer');
    assert.equal(of('stolen', 'unreachable'), 'Unreachable');
    assert.equal(of('refused', 'unknown'), 'Unknown');
    assert.equal(of('delivered', 'unknown'), 'Unknown');
  });
});

suite('one outcome in words', () => {
  for (const [outcome, text] of [
    [{ kind: 'delivered', share: 1, endpoints: 1 }, 'delivered'],
    [{ kind: 'delivered', share: 0.25, endpoints: 1 }, 'delivered 25 %'],
    [{ kind: 'delivered', share: 1, endpoints: 3, each: 1 / 3 }, 'delivered 3 × 33.3 %'],
    [{ kind: 'delivered', share: 1, endpoints: 3 }, 'delivered to 3 endpoints'],
    [{ kind: 'refused', share: 1 }, 'refused'],
    [{ kind: 'refused', share: 0.5 }, 'refused 50 %'],
    [{ kind: 'silence' }, 'silence'],
    // Sums of thirds are no part.
    [{ kind: 'silence', share: 1 - 1e-9 }, 'silence'],
    [{ kind: 'stolen', share: 0.999 }, 'handed to a program 99.9 %'],
    [{ kind: 'unreachable', share: 0.5 }, 'unreachable 50 %'],
    [{ kind: 'unknown', share: 0.5 }, 'unknown 50 %'],
    [{ kind: 'passed', share: 0.1 }, 'reaches no endpoint 10 %'],
    [{ kind: 'unreachable', share: 1 }, 'unreachable'],
    [{ kind: 'stolen', share: 1 }, 'handed to a program'],
    [{ kind: 'unknown', share: 1 }, 'unknown'],
  ] as const satisfies readonly (readonly [Outcome, string])[]) {
    test(text, () => assert.equal(outcomeText(outcome), text));
  }

  test('who did it, else why, and what it takes for granted', () => {
    const by = { kind: 'rule', table: 'filter', chain: 'KUBE-SERVICES', rule: 3 } as const;
    const why = (more: Partial<Outcome>) => outcomeReason({ kind: 'refused', ...more } as Outcome);
    assert.equal(why({ by, reason: 'x' }), 'by filter KUBE-SERVICES rule 3');
    assert.equal(
      why({ by: { kind: 'ipvs', text: 'tcp 10.96.0.5:80 rr' } }),
      'by tcp 10.96.0.5:80 rr',
    );
    assert.equal(why({ reason: 'the packet loops' }), 'the packet loops');
    assert.equal(why({ reason: 'the packet loops', condition: 'y' }), 'the packet loops, if y');
    assert.equal(why({ condition: 'y' }), 'if y');
    assert.equal(why({}), '');
  });
});
