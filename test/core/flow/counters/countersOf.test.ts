import assert from 'node:assert/strict';
import { bestState, counterStates, ownCounters } from '../../../../src/core/flow/counters/counters';
import { countersOf } from '../../../../src/core/flow/counters/countersOf';
import type { PlacedRule, RuleBook } from '../../../../src/core/flow/ruleBook';
import type { Counters } from '../../../../src/core/rules/counters';
import { finish } from '../../../../src/core/work';
import { nftRuleset } from '../../../../src/syntax/nft/ruleset/ruleset';

/** What the first rule of the chain `c` counted, of a table with these counters and chains. */
function counted(counters: readonly string[], rules: readonly string[], more = '') {
  const objects = counters.map((text) => `\tcounter ${text}\n`).join('');
  const chain = `\tchain c {\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n`;
  const [table] = nftRuleset('nft', `table ip t {\n${objects}${chain}${more}}\n`).tables;
  const own = table!.chains.get('c')!;
  return countersOf({ table: table!, chain: own, rule: own.rule(0) });
}

const web = 'web {\n\t\tpackets 7 bytes 420\n\t}';
const sum = { packets: 7, bytes: 420 };

suite('what a rule of nft counted', () => {
  for (const [text, found, expected] of [
    [
      'by its own counter',
      counted([], ['counter packets 3 bytes 180 accept']),
      { packets: 3, bytes: 180 },
    ],
    ['by a named one', counted([web], ['tcp dport 80 counter name "web" accept']), sum],
    [
      'by its own, where the table has named ones',
      counted([web], ['counter packets 3 bytes 180 accept']),
      { packets: 3, bytes: 180 },
    ],
    [
      'nothing without a counter',
      counted([web], ['tcp dport 80 accept', 'counter name "web"']),
      undefined,
    ],
    ['a name that the table does not have', counted([web], ['counter name "other"']), undefined],
    ['a name without a table’s counters', counted([], ['counter name "web"']), undefined],
    [
      'not what another rule counts, too',
      counted([web], ['counter name "web"', 'udp dport 53 counter name "web"']),
      undefined,
    ],
    [
      'nor a rule of another chain',
      counted([web], ['counter name "web"'], '\tchain d {\n\t\tcounter name "web"\n\t}\n'),
      undefined,
    ],
    [
      'nor where a map may name it',
      counted([web], ['counter name "web"', 'counter name tcp dport map { 80 : "web" }']),
      undefined,
    ],
  ] as const) {
    test(text, () => assert.deepEqual(found && { ...found }, expected));
  }
});

suite('whether the counters of a dump are worth showing', () => {
  const placed = (source: string, packets: number | undefined): PlacedRule => {
    const counters: Counters | undefined =
      packets === undefined ? undefined : { packets, bytes: packets * 60 };
    return {
      table: { name: 'nat' },
      chain: { name: 'c' },
      rule: { range: { source, line: 0, start: 0, end: 0 }, counters, statements: [] },
    } as unknown as PlacedRule;
  };
  const states = (...rules: readonly PlacedRule[]) =>
    finish(counterStates({ all: () => rules } as unknown as RuleBook));

  test('by the best of its rules, in whatever order they are met', () => {
    for (const [rules, expected] of [
      [[undefined], 'none'],
      [[0], 'zero'],
      [[5], 'counted'],
      [[0, 5], 'counted'],
      [[5, 0], 'counted'],
      [[5, undefined], 'counted'],
      [[undefined, 0], 'zero'],
      [[0, undefined], 'zero'],
      [[undefined, 0, 5, 0, undefined], 'counted'],
    ] as const) {
      const found = states(...rules.map((packets) => placed('a', packets)));
      assert.deepEqual([...found], [['a', expected]], rules.join());
      assert.equal(bestState(found), expected);
    }
    assert.equal(bestState(states()), 'none');
  });

  test('each dump by itself: zeros of one that counted nothing are not shown', () => {
    const [zero, counts] = [placed('a', 0), placed('b', 5)];
    const found = states(zero, counts, placed('b', 0), placed('c', undefined));
    assert.deepEqual([...found.values()], ['zero', 'counted', 'none']);
    assert.equal(bestState(found), 'counted');
    const own = ownCounters(found);
    assert.equal(own(zero), undefined);
    assert.deepEqual(own(counts), { packets: 5, bytes: 300 });
    assert.deepEqual(own(placed('b', 0)), { packets: 0, bytes: 0 });
    assert.equal(own(placed('d', 5)), undefined);
  });
});
