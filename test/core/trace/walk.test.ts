import assert from 'node:assert/strict';
import { leaves } from '../../../src/core/trace/leaves';
import { followFlow, traceFlow } from '../../../src/core/trace/tracer';
import { node, oneChain, only, packet, visits } from './helper';

const ping = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');

function walk(rules: string): readonly string[] {
  return visits(only(traceFlow(node({ rules }), ping)));
}

suite('walk of chains', () => {
  test('the end of a jumped-to chain goes on with the caller, that of a goto with its caller', () => {
    const rules = `
*filter
:FORWARD DROP
:A -
:B -
:C -
-A FORWARD -j A
-A FORWARD -j ACCEPT
-A A -j B
-A A -m comment --comment after
-A B -g C
-A B -m comment --comment never
-A C -m comment --comment in
`;
    assert.deepEqual(walk(rules), [
      'filter FORWARD 1',
      'filter A 1',
      'filter B 1',
      'filter C 1',
      'filter C return',
      'filter A 2',
      'filter A return',
      'filter FORWARD 2',
    ]);
  });

  test('RETURN in a built-in chain, and the end of a chain it went to, is the policy', () => {
    const returns = '*filter\n:FORWARD DROP\n-A FORWARD -j RETURN\n-A FORWARD -j ACCEPT';
    const goes = '*filter\n:FORWARD DROP\n:A -\n-A FORWARD -g A\n-A FORWARD -j ACCEPT';
    for (const rules of [returns, goes]) {
      const leaf = only(traceFlow(node({ rules }), ping));
      assert.equal(leaf.verdict.kind, 'DROP');
      assert.equal(visits(leaf).at(-1), 'filter FORWARD policy');
    }
  });

  test('ACCEPT ends only its table', () => {
    const rules =
      '*mangle\n:FORWARD ACCEPT\n-A FORWARD -j ACCEPT\n*filter\n:FORWARD ACCEPT\n-A FORWARD -j DROP';
    const leaf = only(traceFlow(node({ rules }), ping));
    assert.deepEqual(visits(leaf), ['mangle FORWARD 1', 'filter FORWARD 1']);
    assert.equal(leaf.verdict.kind, 'DROP');
    assert.equal(leaf.verdict.range?.source, 'rules');
  });

  test('an unmodelled match branches, names itself, and asks only once for the same', () => {
    const rules = `
*filter
:FORWARD ACCEPT
-A FORWARD -m u32 --u32 "0>>22&0x3C@12>>26=2" -j MARK --set-xmark 0x1/0x1
-A FORWARD -m u32 --u32 "0>>22&0x3C@12>>26=2" -j DROP
`;
    const ways = leaves(traceFlow(node({ rules }), ping).path);
    assert.deepEqual(
      ways.map(({ verdict, branches }) => [verdict.kind, branches.length, branches[0]?.unknown]),
      [
        ['DROP', 1, 'the match u32 is not modelled'],
        ['ACCEPT', 1, 'the match u32 is not modelled'],
      ],
    );
    assert.deepEqual(
      ways.map(({ probability }) => probability),
      [undefined, undefined],
    );
  });

  test('a sure no beside an unmodelled match decides', () => {
    const rules =
      '*filter\n:FORWARD ACCEPT\n-A FORWARD -p tcp -m u32 --u32 "0=0" -m tcp --dport 99 -j DROP';
    assert.deepEqual(walk(rules), ['filter FORWARD policy']);
  });

  test('what writes a list is asked only where all before it hold, so that an unmodelled match forks before', () => {
    const rules = `
*filter
:FORWARD ACCEPT
-A FORWARD -m u32 --u32 "0=0" -m recent --set --name L --rsource
-A FORWARD -m recent --rcheck --name L --rsource -j DROP
`;
    const memory = { lists: new Map() };
    const ways = leaves(traceFlow(node({ rules }), ping, { memory }).path);
    assert.deepEqual(
      ways.map(({ verdict, branches }) => [verdict.kind, branches[0]?.condition]),
      [
        ['DROP', 'u32 --u32 "0=0" holds'],
        ['ACCEPT', 'u32 --u32 "0=0" does not hold'],
      ],
    );
  });

  test('a sure no behind a chance, or behind a match that is not modelled and a chance, decides', () => {
    const chance = '-m statistic --mode random --probability 0.5';
    const walked = (matches: string) =>
      walk(`*filter\n:FORWARD ACCEPT\n-A FORWARD -p tcp ${matches} -m tcp --dport 99 -j DROP`);
    assert.deepEqual(walked(chance), ['filter FORWARD policy']);
    assert.deepEqual(walked(`-m u32 --u32 "0=0" ${chance}`), ['filter FORWARD policy']);
  });

  test('a chance behind which a list is written is drawn, whatever comes later', () => {
    const rules = `
*filter
:FORWARD ACCEPT
-A FORWARD -p tcp -m statistic --mode random --probability 0.5 -m recent --set --name L --rsource -m tcp --dport 99 -j DROP
-A FORWARD -m recent --rcheck --name L --rsource -j DROP
`;
    const memory = { lists: new Map() };
    const ways = leaves(traceFlow(node({ rules }), ping, { memory }).path);
    assert.deepEqual(
      ways.map(({ verdict, probability }) => [verdict.kind, probability]),
      [
        ['DROP', 0.5],
        ['ACCEPT', 0.5],
      ],
    );
  });

  test('an unmodelled match before a LOG makes no branch', () => {
    const rules = '*filter\n:FORWARD ACCEPT\n-A FORWARD -m u32 --u32 "0=0" -j LOG';
    const { steps } = only(traceFlow(node({ rules }), ping));
    const [log] = steps.filter((step) => step.kind === 'rule');
    assert.equal(log?.maybe, 'the match u32 is not modelled');
  });

  test('a target that is not known may go on, or ends in UNKNOWN', () => {
    const rules = '*filter\n:FORWARD ACCEPT\n-A FORWARD -j SYNPROXY';
    const ways = leaves(traceFlow(node({ rules }), ping).path);
    assert.deepEqual(
      ways.map(({ verdict }) => verdict.kind),
      ['ACCEPT', 'UNKNOWN'],
    );
  });

  test('random: probabilities as the kernel keeps them, in 1/2^31', () => {
    const rules = `
*filter
:FORWARD ACCEPT
-A FORWARD -m statistic --mode random --probability 0.33333333349 -j DROP
`;
    const [drop, accept] = leaves(traceFlow(node({ rules }), ping).path);
    assert.equal(drop?.verdict.kind, 'DROP');
    assert.equal(drop?.probability, 715827883 / 2 ** 31);
    assert.equal(drop.probability + accept!.probability!, 1);
  });

  for (const [title, rule] of [
    ['compared', 'numgen random mod 4096 & 0xfff >= 9000 drop'],
    ['looked up', 'numgen random mod 4096 { 9000 } drop'],
  ] as const) {
    test(`a trace gives way between rules whose chance is tried value by value: ${title}`, () => {
      const pauses = (rules: readonly string[]): number => {
        const state = { ...node(), nftables: oneChain(rules.join('; ')) };
        return [...followFlow(state, ping)].length;
      };
      const plain = pauses(Array<string>(24).fill('tcp dport 9000 drop'));
      assert.equal(pauses(Array<string>(24).fill(rule)), plain + 2);
    });
  }

  test('every other one of 16,384 numbers is a half, in one pass over them', () => {
    const nftables = oneChain('numgen random mod 16384 & 1 == 0 drop');
    const ways = leaves(traceFlow({ ...node(), nftables }, ping).path);
    assert.deepEqual(
      ways.map(({ verdict, probability }) => [verdict.kind, probability]),
      [
        ['DROP', 0.5],
        ['ACCEPT', 0.5],
      ],
    );
  });

  test('a circle of more chains than are looked back at ends, too', () => {
    const count = 300;
    const chains = Array.from({ length: count }, (_, i) => `C${i}`);
    const declared = chains.map((name) => `:${name} -\n`).join('');
    const jumps = chains.map((name, i) => `-A ${name} -j C${(i + 1) % count}\n`).join('');
    const rules = `*filter\n:FORWARD ACCEPT\n${declared}-A FORWARD -j C0\n${jumps}`;
    const { verdict } = only(traceFlow(node({ rules }), ping));
    assert.equal(verdict.kind, 'UNKNOWN');
    assert.match(verdict.reason, /^C\d+ calls itself/);
    // The rule that would call it.
    assert.ok(verdict.range!.line > count + 1);
  });

  test('a trace that gives up names the rule at which', () => {
    const rules = '*filter\n:FORWARD ACCEPT\n-A FORWARD -p udp\n-A FORWARD -p tcp\n';
    const { path, findings } = traceFlow(node({ rules }), ping, { limits: { rules: 1 } });
    const [{ verdict }] = leaves(path) as [ReturnType<typeof only>];
    assert.deepEqual(
      [verdict.kind, verdict.reason, verdict.range?.line],
      ['UNKNOWN', 'gave up after 2 rules and 0 steps', 3],
    );
    assert.deepEqual(
      findings.map(({ code, range }) => [code, range?.line]),
      [['trace-too-long', 3]],
    );
  });
});
