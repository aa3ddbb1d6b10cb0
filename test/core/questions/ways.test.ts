import assert from 'node:assert/strict';
import { parseAddress } from '../../../src/core/address';
import { commandsFor, quoted } from '../../../src/core/questions/commands';
import type { UsualNode } from '../../../src/core/questions/usualNode';
import { byEnd, givenOf, likely, verdictsOf, wayText } from '../../../src/core/questions/ways';
import type { Leaf } from '../../../src/core/trace/leaves';
import type { Given, Verdict } from '../../../src/core/trace/trace';

const nat: Given = { kind: 'table', table: 'nat' };

interface Way {
  readonly source?: string;
  readonly destination?: string;
  readonly port?: number;
  readonly reason?: string;
  readonly delivered?: string;
  readonly given?: readonly Given[];
  readonly probability?: number | undefined;
  /** Why it is not known whether a branch is taken. */
  readonly unknown?: string;
  /** What state must be for the branch to be taken. */
  readonly condition?: string;
}

function way(kind: Verdict['kind'], more: Way = {}): Leaf {
  const { source = '192.0.2.1', destination = '10.244.0.3', port = 8080, reason = 'r' } = more;
  const { delivered = 'cni0', given, unknown, condition } = more;
  const final = {
    source: parseAddress(source)!,
    destination: parseAddress(destination)!,
    destinationPort: port,
  };
  const branches =
    unknown === undefined && condition === undefined ? [] : [{ unknown, condition } as never];
  return {
    steps: [],
    beforeFork: 0,
    branches,
    branchAt: branches.map(() => 0),
    verdict: { kind, reason, delivered, final, given } as unknown as Verdict,
    probability: 'probability' in more ? more.probability : 1,
  };
}

suite('what all ways of a packet say together', () => {
  const yes = way('ACCEPT');
  const [no, lost, open] = [way('DROP'), way('LOST'), way('UNKNOWN')];
  const guessed = (kind: Verdict['kind']) => way(kind, { unknown: 'a match' });
  const taken = (kind: Verdict['kind']) => way(kind, { given: [nat] });
  for (const [text, ways, expected] of [
    ['no way', [], 'Unknown unknown'],
    ['one that gets through', [yes], 'Yes certain'],
    ['one that is dropped', [no], 'No certain'],
    ['all fail, each in its own manner', [no, lost], 'No certain'],
    ['some endpoints answer and some do not, by chance', [yes, no], 'No certain'],
    ['one of which it is not known', [yes, open], 'Unknown unknown'],
    [
      'whichever way an open question goes, it gets through',
      [guessed('ACCEPT'), yes],
      'Yes certain',
    ],
    ['whichever way an open question goes, it fails', [guessed('DROP'), lost], 'No certain'],
    ['an open question decides', [guessed('ACCEPT'), no], 'Unknown unknown'],
    ['a state decides, which is no guess', [way('ACCEPT', { condition: 'new' }), no], 'No certain'],
    ['through, if rules that no dump shows let it', [taken('ACCEPT')], 'Likely likely'],
    ['one of two takes something for granted', [yes, taken('ACCEPT')], 'Likely likely'],
    ['dropped, if no other rule translates it', [taken('DROP')], 'Likely not likely'],
    ['some through, some not, if no rule turns it', [taken('ACCEPT'), no], 'Likely not likely'],
    [
      'given or not, an open question decides',
      [taken('ACCEPT'), guessed('DROP')],
      'Unknown unknown',
    ],
  ] as const) {
    test(text, () => {
      const { start, certainty } = verdictsOf(ways);
      assert.equal(`${start} ${certainty}`, expected);
    });
  }

  test('of something made up: likely at most', () => {
    for (const [ways, start, certainty] of [
      [[yes], 'Likely', 'likely'],
      [[no], 'Likely not', 'likely'],
      [[taken('ACCEPT')], 'Likely', 'likely'],
      [[taken('DROP')], 'Likely not', 'likely'],
      [[open], 'Unknown', 'unknown'],
    ] as const) {
      assert.deepEqual(likely(verdictsOf(ways)), { start, certainty });
    }
  });

  test('what several ways take for granted is said once, and nothing where all was seen', () => {
    const gap: Given = {
      kind: 'gap',
      gap: { text: 'line 3 does nothing', range: { source: 'x', line: 2, start: 0, end: 1 } },
    };
    assert.equal(
      givenOf([taken('ACCEPT'), yes, taken('DROP'), way('ACCEPT', { given: [gap, nat] })]),
      'the nat table, which is missing, does not translate it, and line 3 does nothing',
    );
    assert.equal(givenOf([yes, no]), undefined);
  });
});

suite('where one way ends, in one clause', () => {
  test('through with its share, or what state it needs; and whose address the pod sees', () => {
    const end = 'to 10.244.0.3:8080';
    for (const [leaf, expected] of [
      [way('ACCEPT'), `100 % ${end}, which sees the source 192.0.2.1`],
      [way('ACCEPT', { probability: 0.25 }), `25 % ${end}, which sees the source 192.0.2.1`],
      [
        way('ACCEPT', { probability: undefined, condition: 'a recent client' }),
        `${end} (if a recent client), which sees the source 192.0.2.1`,
      ],
      [way('ACCEPT', { delivered: 'local' }), `${end} on the node itself`],
      [way('DROP', { reason: 'a rule' }), 'DROP (a rule)'],
    ] as const) {
      assert.equal(wayText(leaf), expected);
    }
    assert.equal(
      wayText(way('ACCEPT'), () => 'node'),
      `100 % ${end}, which sees an address of the node`,
    );
    assert.equal(
      wayText(way('ACCEPT'), () => 'client'),
      `100 % ${end}, which sees the client’s own address`,
    );
  });

  test('the shares of one end add up: of one address, port, source and device', () => {
    const half = { probability: 0.25 };
    const told = (...ways: readonly Leaf[]) =>
      byEnd(ways).map(({ verdict, probability }) => `${verdict.kind} ${probability}`);
    const first = way('ACCEPT', half);
    assert.deepEqual(told(first, first, first), ['ACCEPT 0.75']);
    for (const other of [
      { ...half, destination: '10.244.0.4' },
      { ...half, port: 8081 },
      { ...half, source: '192.0.2.2' },
      { ...half, delivered: 'eth0' },
    ]) {
      assert.deepEqual(told(first, way('ACCEPT', other)), ['ACCEPT 0.25', 'ACCEPT 0.25']);
    }
    // What fails, and what state decides, has no share that could be added.
    const dropped = way('DROP', half);
    assert.deepEqual(told(dropped, dropped), ['DROP 0.25', 'DROP 0.25']);
    const stated = way('ACCEPT', { probability: undefined });
    assert.deepEqual(told(stated, first, stated), [
      'ACCEPT undefined',
      'ACCEPT 0.25',
      'ACCEPT undefined',
    ]);
  });
});

suite('the commands whose output would decide what is not certain', () => {
  const usual = (hasMadeRules: boolean, ...commands: readonly string[]) =>
    ({ hasMadeRules, commands }) as unknown as UsualNode;
  const seen = way('ACCEPT');
  const lacking = way('ACCEPT', { given: [nat] });
  for (const [text, fate, at, expected] of [
    ['all is at hand', { ways: [seen] }, ['iptables', 4], []],
    ['addresses', { ways: [seen], usual: usual(false, 'ip addr') }, ['iptables', 4], ['ip addr']],
    [
      'rules are made up',
      { ways: [seen], usual: usual(true, 'ip addr') },
      ['iptables', 4],
      ['iptables-save', 'ip addr'],
    ],
    ['rules are not at hand', { ways: [seen, lacking] }, ['ipvs', 4], ['iptables-save']],
    ['rules of IPv6', { ways: [lacking] }, ['iptables', 6], ['ip6tables-save']],
    ['rules of nftables mode', { ways: [lacking] }, ['nftables', 6], ['nft list ruleset']],
  ] as const) {
    test(text, () => {
      const [mode, family] = at;
      assert.deepEqual(commandsFor(fate, { mode, family }), expected);
    });
  }

  test('in backticks', () => {
    assert.equal(quoted(['ip addr', 'ipset save']), '`ip addr` and `ipset save`');
  });
});
