import assert from 'node:assert/strict';
import { foldForks } from '../../../src/core/trace/foldForks';
import { leaves } from '../../../src/core/trace/leaves';
import type { Leaf } from '../../../src/core/trace/leaves';
import { traceFlow } from '../../../src/core/trace/tracer';
import { finish } from '../../../src/core/work';
import { traceText } from '../../../src/inspect/traceText';
import { node, packet } from './helper';
import type { Dumps } from './helper';

const toService = packet('tcp 10.244.1.7:40000 > 10.96.0.10:53 cni0');

/** All ways, and those that are left. */
function folded(dumps: Dumps): { readonly whole: readonly Leaf[]; readonly left: readonly Leaf[] } {
  const trace = traceFlow(node(dumps), toService);
  return { whole: leaves(trace.path), left: leaves(finish(foldForks(trace))) };
}

function eitherOf({ steps }: Leaf): string[] {
  return steps.flatMap((step) => (step.kind === 'either' ? [step.effect] : []));
}

const unplaced = { routes: null, addresses: null };
const dnat =
  '*nat\n:PREROUTING ACCEPT\n-A PREROUTING -p tcp -j DNAT --to-destination 10.244.2.9:80';

suite('forks that make no difference', () => {
  test('an endpoint that may be the node itself: one way, the fact in one step', () => {
    const { whole, left } = folded({ rules: dnat, ...unplaced });
    assert.equal(whole.length, 2);
    assert.equal(left.length, 1);
    assert.deepEqual(eitherOf(left[0]!), ['whether or not 10.244.2.9 is an address of this node']);
    assert.equal(left[0]!.probability, 1);
    // Routing and the hooks behind it are those of one branch only.
    const hooks = left[0]!.steps.map(({ hook }) => hook);
    assert.ok(!hooks.includes('forward') && !hooks.includes('input'), hooks.join());
  });

  test('each reason is told once, however many branches have it', () => {
    const { packet: sent, path } = traceFlow(node({ rules: dnat, ...unplaced }), toService);
    const [one, other] = leaves(path).map(({ verdict }) => verdict);
    const branches = [one!, other!, other!].map((end, i) => ({
      condition: `${i}`,
      then: { steps: [], end },
    }));
    const [left] = leaves(
      finish(foldForks({ packet: sent, path: { steps: [], end: { branches } } })),
    );
    assert.equal(left!.verdict.reason, `${one!.reason} or ${other!.reason}`);
    assert.deepEqual(eitherOf(left!), ['whichever holds: 0; 1; 2']);
  });

  test('another port is another destination, too', () => {
    const { left } = folded({ rules: dnat.replace('10.244.2.9:80', ':80'), ...unplaced });
    assert.equal(left.length, 1);
  });

  test('the step has the reason, where there is one', () => {
    const reasons = (dumps: Dumps) =>
      folded(dumps).left[0]!.steps.flatMap((step) =>
        step.kind === 'either' ? [step.unknown, 'unknown' in step] : [],
      );
    assert.deepEqual(reasons({ rules: dnat, ...unplaced }), [
      '`ip route show table all` or `ip addr` is missing',
      true,
    ]);
    const limit = '*filter\n:FORWARD ACCEPT\n:L -\n-A FORWARD -m limit --limit 1/s -j L';
    assert.deepEqual(reasons({ rules: limit }), [undefined, false]);
  });

  test('to whom no rule sends it on, makes a difference', () => {
    const { whole, left } = folded(unplaced);
    assert.equal(left.length, whole.length);
    assert.ok(left.length > 1);
  });

  test('a rule of one branch that drops the packet, makes a difference', () => {
    const drop = '*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n-A FORWARD -p tcp -j DROP';
    const { left } = folded({ rules: `${dnat}\n${drop}`, ...unplaced });
    assert.deepEqual(
      left.map(({ verdict }) => verdict.kind),
      ['ACCEPT', 'DROP'],
    );
    assert.deepEqual(left.flatMap(eitherOf), []);
  });

  test('the same rule that drops the packet either way makes none, two rules do', () => {
    const rules = (...more: readonly string[]) =>
      ['*filter', ':FORWARD ACCEPT', ':INPUT ACCEPT', ...more].join('\n');
    const asked = '-A FORWARD -m set --match-set UNSEEN dst -j';
    const same = rules(`${asked} LOG`, ':MARKED -', `${asked} MARKED`, '-A FORWARD -j DROP');
    const dumps = { sets: null };
    const one = folded({ rules: same, ...dumps }).left;
    assert.deepEqual(
      one.map(({ verdict }) => verdict.kind),
      ['DROP'],
    );
    const two = folded({ rules: rules(`${asked} DROP`, '-A FORWARD -j DROP'), ...dumps }).left;
    assert.deepEqual(
      two.map(({ verdict }) => verdict.kind),
      ['DROP', 'DROP'],
    );
  });

  test('a fork before the endpoints are chosen: they are shown once, with their shares', () => {
    const rules = `*nat
:PREROUTING ACCEPT
:SVC - [0:0]
:NOTHING - [0:0]
-A PREROUTING -m set --match-set UNSEEN dst -j NOTHING
-A PREROUTING -j SVC
-A SVC -m statistic --mode random --probability 0.5 -j DNAT --to-destination 10.244.1.8:80
-A SVC -j DNAT --to-destination 10.244.2.9:80`;
    const { whole, left } = folded({ rules, sets: null });
    assert.equal(whole.length, 4);
    assert.deepEqual(
      left.map(({ probability, verdict }) => [probability, verdict.delivered]),
      [
        [0.5, 'cni0'],
        [0.5, 'eth0'],
      ],
    );
    assert.match(
      eitherOf(left[0]!).join(),
      /^whether or not 10\.96\.0\.10:53 is in the set UNSEEN$/,
    );
    const chains = left[0]!.steps.flatMap((step) => ('chain' in step ? [step.chain] : []));
    assert.ok(chains.includes('SVC') && !chains.includes('NOTHING'), chains.join());
  });

  test('the same endpoints with other shares are no same end', () => {
    const rules = `*nat
:PREROUTING ACCEPT
:ONE - [0:0]
:OTHER - [0:0]
-A PREROUTING -m set --match-set UNSEEN dst -j ONE
-A PREROUTING -j OTHER
-A ONE -m statistic --mode random --probability 0.5 -j DNAT --to-destination 10.244.1.8:80
-A ONE -j DNAT --to-destination 10.244.2.9:80
-A OTHER -m statistic --mode random --probability 0.2 -j DNAT --to-destination 10.244.1.8:80
-A OTHER -j DNAT --to-destination 10.244.2.9:80`;
    const { whole, left } = folded({ rules, sets: null });
    assert.equal(left.length, whole.length);
  });

  test('chance stays chance, though both ways end alike', () => {
    const rules = `*filter
:FORWARD ACCEPT
-A FORWARD -m statistic --mode random --probability 0.5 -j ACCEPT`;
    assert.equal(folded({ rules }).left.length, 2);
  });

  test('as text: the fact in one line, the verdict once', () => {
    const lines = traceText(traceFlow(node({ rules: dnat, ...unplaced }), toService));
    const about = lines.filter((line) => line.includes('10.244.2.9 is an address'));
    assert.deepEqual(about, [
      '= whether or not 10.244.2.9 is an address of this node (unknown: `ip route show table all` or `ip addr` is missing)',
    ]);
    assert.equal(lines.filter((line) => line.startsWith('=> ACCEPT')).length, 1);
    assert.ok(!lines.some((line) => line.startsWith('?')), lines.join('\n'));
  });
});
