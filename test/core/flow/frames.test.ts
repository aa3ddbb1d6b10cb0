import assert from 'node:assert/strict';
import { framesOf, isSubroutine } from '../../../src/core/flow/frames';
import type { Step } from '../../../src/core/trace/trace';

const range = { source: 'x', line: 0, start: 0, end: 0 };
interface At {
  readonly hook?: string;
  readonly table?: string;
  readonly type?: string;
  readonly family?: string;
  readonly markAfter?: number;
}
/** A rule that held; in PREROUTING of nat, where nothing else is said. */
const rule = (chain: string, at: At = {}) =>
  ({
    kind: 'rule',
    hook: 'prerouting',
    table: 'nat',
    type: 'nat',
    chain,
    rule: 1,
    range,
    effect: '',
    ...at,
  }) as unknown as Step;
const back = (chain: string) => ({ kind: 'return', chain }) as unknown as Step;
const nat = (hook = 'prerouting') => ({ kind: 'nat', hook, range }) as unknown as Step;
const policy = { kind: 'policy', hook: 'prerouting', range } as unknown as Step;

/** `A < B 2 nat`: the chain, who called it, how many of its rules held, and whether one translated. */
const told = (...steps: readonly Step[]) =>
  framesOf(steps).map(({ chain, caller, rules, nat }) =>
    [chain, ...(caller ? ['<', caller.chain] : []), rules.length, ...(nat ? ['nat'] : [])].join(
      ' ',
    ),
  );

suite('the chains that a packet passes', () => {
  for (const [text, steps, expected] of [
    ['several rules of one chain are one visit', [rule('A'), rule('A')], ['A 2']],
    ['a rule that jumps has the chain behind it', [rule('A'), rule('B')], ['A 1', 'B < A 1']],
    [
      'back in the caller, its next rule is of the same visit',
      [rule('A'), rule('B'), rule('A')],
      ['A 2', 'B < A 1'],
    ],
    [
      'a chain that is asked twice is visited twice',
      [rule('A'), rule('B'), rule('A'), rule('B')],
      ['A 2', 'B < A 1', 'B < A 1'],
    ],
    [
      'a return leads back although no rule of the caller holds in between',
      [rule('A'), rule('B'), back('B'), rule('C')],
      ['A 1', 'B < A 1', 'C < A 1'],
    ],
    [
      'a return of a chain none of whose rules held leads nowhere else',
      [rule('A'), rule('B'), back('X'), rule('C')],
      ['A 1', 'B < A 1', 'C < B 1'],
    ],
    ['a base chain that returns is still there', [rule('A'), back('A'), rule('A')], ['A 2']],
    ['behind a policy another walk begins', [rule('A'), policy, rule('B')], ['A 1', 'B 1']],
    ['so it does at another hook', [rule('A'), rule('A', { hook: 'input' })], ['A 1', 'A 1']],
    ['in another table', [rule('A'), rule('A', { table: 'raw' })], ['A 1', 'A 1']],
    ['in a base chain of another type', [rule('A'), rule('A', { type: 'filter' })], ['A 1', 'A 1']],
    [
      'in a table of the same name of another family',
      [rule('A', { family: 'ip' }), rule('A', { family: 'inet' })],
      ['A 1', 'A 1'],
    ],
    ['the chain whose rule translates', [rule('A'), rule('B'), nat()], ['A 1', 'B < A 1 nat']],
    ['what another hook translates is none of it', [rule('A'), nat('postrouting')], ['A 1']],
    [
      'nor has a filter translated it',
      [rule('A', { type: 'filter', table: 'filter' }), nat()],
      ['A 1'],
    ],
    ['what no rule translated has no chain', [nat()], []],
  ] as const) {
    test(text, () => assert.deepEqual(told(...steps), expected));
  }

  test('by which rule a chain was entered, and at which step', () => {
    const [first, second, third] = [rule('A'), rule('A'), rule('B')];
    const [a, b, c] = framesOf([first, second, third, policy, rule('C')]);
    assert.deepEqual([a!.enteredBy, b!.enteredBy, c!.enteredBy], [undefined, second, undefined]);
    assert.deepEqual([a!.first, b!.first, c!.first], [0, 2, 4]);
  });

  test('a chain that does nothing but change the mark is a word of its caller', () => {
    const mark = { markAfter: 0x4000 };
    const one = (...steps: readonly Step[]) => isSubroutine(framesOf(steps).at(-1)!);
    assert.equal(one(rule('A'), rule('B', mark)), true);
    assert.equal(one(rule('A'), rule('B', mark), rule('B')), false);
    assert.equal(one(rule('A'), rule('B', mark), nat()), false);
    assert.equal(one(rule('A', mark)), false);
  });
});
