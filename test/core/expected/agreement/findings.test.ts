import assert from 'node:assert/strict';
import { agreementOf, type PortAgreement } from '../../../../src/core/expected/agreement/agreement';
import {
  agreementFindings,
  isOfAnotherSetup,
  type AgreementFacts,
} from '../../../../src/core/expected/agreement/findings';
import type { RuleDifference } from '../../../../src/core/expected/compare/chains';
import type { RuleRole } from '../../../../src/core/expected/rules';
import { finish } from '../../../../src/core/work';
import { withPauses } from '../../../pauses';
import { rulesetOf } from '../byHand';

const place = { table: 'nat', chain: 'KUBE-SERVICES' } as const;
const expected = rulesetOf({}, 'iptables');
const [servicePort] = expected.servicePorts;

function missing(role: RuleRole, more: object = {}): RuleDifference {
  return { ...place, kind: 'missing', expected: { text: '-j X', role, servicePort, ...more } };
}

function stale(text: string, line = 7): RuleDifference {
  return {
    ...place,
    kind: 'stale',
    actual: { text: `-m comment --comment "shop/web:http" ${text}`, line },
  };
}

const order: RuleDifference = {
  ...place,
  kind: 'order',
  expected: { text: '-j X', role: 'policy', servicePort: servicePort! },
  actual: { text: '-j Y', line: 9 },
};
const chain: RuleDifference = {
  ...place,
  kind: 'missing-chain',
  wanted: {
    name: 'KUBE-SVC-A',
    rules: [
      { text: '-j A', role: 'endpoint' },
      { text: '-j B', role: 'endpoint' },
    ],
    servicePort: servicePort!,
  },
};

function agreement(...differences: readonly RuleDifference[]) {
  return finish(agreementOf(expected, { differences, leftovers: [], absent: [] }));
}

const facts: AgreementFacts = { source: 'save', release: 36, exact: true };

suite('what a Service port’s differences come to', () => {
  test('right, missing, stale or different', () => {
    for (const [state, ...differences] of [
      ['right'],
      // Without its entry nothing of it has an effect.
      ['missing', missing('cluster-ip')],
      ['missing', missing('cluster-ip'), chain],
      ['different', chain],
      ['different', missing('node-port')],
      ['different', missing('cluster-ip'), stale('-j Y')],
      ['different', order],
      ['different', missing('masquerade'), stale('-j Y')],
      ['stale', stale('-j Y')],
      ['stale', stale('-j Y'), order],
    ] as const) {
      const { ports, node } = agreement(...differences);
      assert.deepEqual(
        ports.map((port) => [port.title, port.state]),
        [['shop/web:http', state]],
      );
      assert.deepEqual(node, []);
    }
  });

  test('rules of a Service port that no object is are stale; those of none are the node’s', () => {
    const foreign = {
      ...place,
      kind: 'stale',
      actual: { text: '--comment "shop/old:http cluster IP" -j Y', line: 3 },
    } as const;
    const hook = { ...place, kind: 'missing', expected: { text: '-j X', role: 'hook' } } as const;
    const { ports, node } = agreement(foreign, hook);
    assert.deepEqual(
      ports.map(({ title, state, reasons }) => [title, state, ...reasons]),
      [
        ['shop/web:http', 'right'],
        ['shop/old:http', 'stale', 'no Service has the port shop/old:http'],
      ],
    );
    assert.deepEqual(node, [hook]);
  });

  test('gives way every 512 differences, in the reasons, too', () => {
    const differences = Array.from({ length: 2048 }, () => missing('node-port'));
    const none = { leftovers: [], absent: [] };
    assert.equal(withPauses(agreementOf(expected, { ...none, differences })).pauses, 8);
    assert.equal(withPauses(agreementOf(expected, { ...none, differences: [] })).pauses, 0);
  });
});

suite('findings of what differs', () => {
  const only = (differences: readonly RuleDifference[], more: Partial<AgreementFacts> = {}) => {
    const found = agreementFindings(agreement(...differences), { ...facts, ...more });
    assert.ok(found.length <= 1);
    return found[0];
  };

  test('how many rules, against which release, and the first of them where nothing tells why', () => {
    const head = 'shop/web:http: ';
    const against = ', against what kube-proxy 1.36 writes: ';
    const bare = { ...chain, wanted: { ...chain.wanted!, rules: [] } };
    const cases: readonly (readonly [string, string, ...RuleDifference[]])[] = [
      ['1 rule is missing', 'as "KUBE-SERVICES -j X"', missing('cluster-ip')],
      ['2 rules are missing', 'as "KUBE-SERVICES -j A"', chain],
      ['1 rule is missing', 'as "KUBE-SERVICES "', bare],
      ['1 rule is out of order', 'as "KUBE-SERVICES -j X"', order],
      [
        '1 rule is missing, 1 rule is stale, 1 rule is out of order',
        'its externalIPs name the address',
        missing('external-ip'),
        stale('-j Y'),
        order,
      ],
    ];
    for (const [counts, why, ...differences] of cases) {
      assert.equal(only(differences)?.message, `${head}${counts}${against}${why}.`);
    }
  });

  test('three reasons and how many more', () => {
    const roles = [
      'external-ip',
      'load-balancer-ip',
      'source-range',
      'no-endpoints',
      'no-local-endpoints',
    ] as const;
    const told = (count: number) =>
      only(roles.slice(0, count).map((role) => missing(role)))!.message.replace(/.*writes: /, '');
    const three =
      'its externalIPs name the address; its status names the load balancer address; its loadBalancerSourceRanges say who may use the load balancer';
    assert.equal(told(3), `${three}.`);
    assert.equal(told(4), `${three} and 1 reasons more.`);
    assert.equal(told(5), `${three} and 2 reasons more.`);
  });

  test('a fault where the release is known exactly, else a note', () => {
    assert.equal(only([missing('cluster-ip')])?.severity, 'warning');
    const likely = only([missing('cluster-ip')], { exact: false });
    assert.equal(likely?.severity, 'information');
    assert.match(likely.message, /writes \(likely: not all of this release is known exactly\): /);
  });

  test('at the first rule that the dump has, else at its beginning; with the Service', () => {
    const range = (line: number) => ({ source: 'save', line, start: 0, end: 0 });
    const found = only([missing('cluster-ip'), stale('-j Y', 12), stale('-j Z', 3)]);
    assert.deepEqual(found?.range, range(12));
    assert.equal(found.service, 'shop/web');
    assert.equal(found.related, undefined);
    assert.deepEqual(only([missing('cluster-ip')])?.range, range(0));
  });

  test('of what every node has', () => {
    const hook = { ...place, kind: 'missing', expected: { text: '-j X', role: 'hook' } } as const;
    const found = only([hook]);
    assert.deepEqual([found?.code, found?.severity], ['node-rules-differ', 'warning']);
    assert.equal(
      found?.message,
      'Rules that every node has are not as kube-proxy 1.36 writes them: 1 rule is missing, as "KUBE-SERVICES -j X".',
    );
    assert.equal(only([hook], { exact: false })?.severity, 'information');
  });

  test('what other checks judge is left to them', () => {
    const judged = (differences: readonly RuleDifference[], more: Partial<AgreementFacts> = {}) =>
      only(differences, { partsJudged: true, ...more }) === undefined;
    const endpoint = servicePort!.endpoints[0]!;
    const gone = stale('-j DNAT --to-destination 10.244.1.9:80');
    for (const role of [
      'cluster-ip',
      'external-ip',
      'load-balancer-ip',
      'node-port',
      'source-range',
      'affinity',
    ] as const) {
      assert.ok(judged([missing('policy', { endpoint }), missing(role)]), role);
    }
    assert.ok(judged([gone]));
    assert.ok(judged([missing('cluster-ip'), chain]), 'missing as a whole');
    for (const role of ['masquerade', 'policy', 'short-circuit', 'hairpin'] as const) {
      assert.ok(!judged([missing(role), gone]), role);
    }
    assert.ok(!judged([order]));
    assert.ok(!judged([stale('-j KUBE-MARK-MASQ')]));
    // No check of its own judges source ranges in nftables mode.
    assert.ok(!judged([missing('source-range'), gone], { rangesJudged: false }));
    assert.ok(judged([missing('node-port'), gone], { rangesJudged: false }));
    assert.notEqual(only([gone]), undefined);
  });

  test('nft: a rule that holds all endpoints is judged as such where the endpoints differ', () => {
    const map = (to: string) => `meta l4proto tcp dnat ip to numgen random mod 1 map { 0 : ${to} }`;
    const judged = (...differences: readonly RuleDifference[]) =>
      only(differences, { partsJudged: true }) === undefined;
    const wanted = missing('endpoint', { text: map('10.244.1.5 . 8080') });
    const held = (text: string) =>
      ({
        ...place,
        chain: 'service-LX3JQ64U-shop/web/tcp/http',
        kind: 'stale',
        actual: { text, line: 1 },
      }) as const;
    assert.ok(judged(wanted, held(map('10.244.1.6 . 8080'))));
    assert.ok(!judged(wanted, held(map('10.244.1.5 . 8080').replace('tcp', 'udp'))));
  });

  test('of objects that are newer than the dump only a note, which no other check gives', () => {
    const newer: PortAgreement = { ...agreement(missing('cluster-ip')).ports[0]!, state: 'newer' };
    const [found] = agreementFindings(
      { ports: [newer], node: [] },
      { ...facts, partsJudged: true },
    );
    assert.equal(found?.severity, 'information');
    assert.equal(
      found.message,
      'shop/web:http: its objects are newer than the dump, whose rules differ from them.',
    );
    const without = { ...newer, servicePort: undefined };
    const left = agreementFindings(
      { ports: [without as unknown as PortAgreement], node: [] },
      { ...facts, partsJudged: true },
    );
    assert.deepEqual(left, []);
  });

  test('where more than ten and more than half differ, it is another setup', () => {
    const [right] = agreement().ports;
    const [wrong] = agreement(missing('node-port')).ports;
    const ports = (bad: number, good: number) => [
      ...Array.from({ length: bad }, () => wrong!),
      ...Array.from({ length: good }, () => right!),
    ];
    assert.ok(isOfAnotherSetup({ ports: ports(11, 10) }));
    assert.ok(!isOfAnotherSetup({ ports: ports(10, 0) }));
    assert.ok(!isOfAnotherSetup({ ports: ports(11, 11) }));
    const hook = { ...place, kind: 'missing', expected: { text: '-j X', role: 'hook' } } as const;
    const [only, ...others] = agreementFindings({ ports: ports(12, 3), node: [hook] }, facts);
    assert.deepEqual(others, []);
    assert.equal(
      only?.message,
      "The configuration, the release or the objects at hand may not be this node's: 12 of its 15 Service ports differ from what kube-proxy 1.36 writes.",
    );
    assert.equal(only.severity, 'information');
  });
});
