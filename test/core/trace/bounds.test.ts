import assert from 'node:assert/strict';
import type { NodeState } from '../../../src/core/node';
import type { Match } from '../../../src/core/rules/match';
import type { Chain, Rule } from '../../../src/core/rules/ruleset';
import { iptablesRule } from '../../../src/core/rules/rule';
import type { Target } from '../../../src/core/rules/target';
import { leaves } from '../../../src/core/trace/leaves';
import { traceFlow } from '../../../src/core/trace/tracer';
import { node, packet } from './helper';

const ping = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');
const range = { source: 'made', line: 0, start: 0, end: 0 };

function jump(chain: string, kind: 'jump' | 'goto' = 'jump'): Target {
  return { kind, chain, range, nameRange: range };
}

/** A chain with the same target in each of its rules. */
function chain(
  name: string,
  length: number,
  target: Target | undefined,
  policy?: string,
  matches: readonly Match[] = [],
): Chain {
  const rule = (i: number): Rule =>
    iptablesRule({ number: i + 1, range, matches, target, findings: [] });
  return {
    table: 'filter',
    name,
    base: name === 'FORWARD' ? { hook: 'forward', priority: 0, type: 'filter', policy } : undefined,
    length,
    rule,
    *candidates() {
      for (let i = 0; i < length; i++) yield i;
    },
  };
}

function nodeWith(...chains: readonly Chain[]): NodeState {
  const byName = new Map(chains.map((one) => [one.name, one]));
  const table = { family: 'ip', name: 'filter', chains: byName, complete: true } as const;
  const tables = new Map([['filter', table]]);
  const ruleset = { source: 'made', family: 4, backend: 'legacy', tables, findings: [] } as const;
  return { ...node(), rulesets: [ruleset] };
}

suite('limits', () => {
  for (const kind of ['jump', 'goto'] as const) {
    test(`a ${kind} in a circle ends with a finding`, () => {
      const forward = chain('FORWARD', 1, jump('A'), 'ACCEPT');
      const circle = [chain('A', 1, jump('B', kind)), chain('B', 1, jump('A', kind))];
      const { path, findings } = traceFlow(nodeWith(forward, ...circle), ping);
      const [leaf] = leaves(path);
      assert.equal(leaf?.verdict.kind, 'UNKNOWN');
      assert.match(leaf.verdict.reason, /calls itself/);
      assert.deepEqual(
        findings.map(({ code }) => code),
        ['chain-loop'],
      );
    });
  }

  test('10,000 chains deep and back', () => {
    const deep = Array.from({ length: 10_000 }, (_, i) => chain(`C${i}`, 1, jump(`C${i + 1}`)));
    const last = chain('C10000', 1, undefined);
    const { path } = traceFlow(
      nodeWith(chain('FORWARD', 1, jump('C0'), 'DROP'), ...deep, last),
      ping,
    );
    const [leaf] = leaves(path);
    assert.equal(leaf?.verdict.kind, 'DROP');
    assert.equal(leaf.steps.filter(({ kind }) => kind === 'return').length, 10_001);
  });

  test('1,000,000 rules that do not match are walked', function () {
    this.timeout(240_000);
    const udp: Match = { kind: 'protocol', protocol: 17, negated: false, range };
    const { path } = traceFlow(nodeWith(chain('FORWARD', 1e6, undefined, 'DROP', [udp])), ping);
    assert.equal(leaves(path)[0]?.verdict.kind, 'DROP');
  });

  test('2^40 visits are not: the trace gives up with a finding', () => {
    const double = Array.from({ length: 40 }, (_, i) => chain(`C${i}`, 2, jump(`C${i + 1}`)));
    const forward = chain('FORWARD', 1, jump('C0'), 'ACCEPT');
    const { path, findings } = traceFlow(
      nodeWith(forward, ...double, chain('C40', 0, undefined)),
      ping,
      { limits: { rules: 50_000 } },
    );
    assert.equal(leaves(path)[0]?.verdict.kind, 'UNKNOWN');
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['trace-too-long'],
    );
  });

  test('too many unknowns: UNKNOWN with a finding, not a hang', () => {
    const lines = Array.from(
      { length: 40 },
      (_, i) => `-A FORWARD -m u32 --u32 "${i}=1" -j MARK --set-xmark 0x${i.toString(16)}/0xff`,
    );
    const rules = `*filter\n:FORWARD ACCEPT\n${lines.join('\n')}`;
    const { path, findings } = traceFlow(node({ rules }), ping, { limits: { leaves: 100 } });
    const ways = leaves(path);
    assert.ok(ways.length <= 101);
    assert.ok(ways.some(({ verdict }) => verdict.kind === 'UNKNOWN'));
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['trace-too-many-branches'],
    );
  });

  test('a jump to a chain that the dump does not have', () => {
    const { path, findings } = traceFlow(
      nodeWith(chain('FORWARD', 1, jump('GONE'), 'ACCEPT')),
      ping,
    );
    assert.equal(leaves(path)[0]?.verdict.reason, 'the dump has no chain GONE');
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['chain-not-found'],
    );
  });
});
