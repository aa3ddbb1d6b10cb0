import assert from 'node:assert/strict';
import { nftRule } from '../../src/core/rules/rule';
import { RuleCache } from '../../src/syntax/ruleCache';

/** Counts how often each line was decoded; every rule has as many characters. */
function counting(cache: RuleCache, characters: number) {
  const times = new Map<number, number>();
  const get = (line: number) =>
    cache.get(line, () => {
      times.set(line, (times.get(line) ?? 0) + 1);
      const range = { source: 'x', line, start: 0, end: 0 };
      return { rule: nftRule({ number: line, range, findings: [], statements: [] }), characters };
    });
  return { get, times };
}

suite('decoded rules that are kept', () => {
  test('a rule in use is decoded once, and is the same one', () => {
    const { get, times } = counting(new RuleCache(1000), 10);
    const rule = get(7);
    for (let line = 100; line < 1000; line++) {
      get(line);
      assert.equal(get(7), rule);
    }
    assert.equal(times.get(7), 1);
  });

  test('what was not asked for goes, by the size of the rules and not by their number', () => {
    const few = counting(new RuleCache(1000), 400);
    for (const line of [1, 2, 3, 1]) few.get(line);
    assert.equal(few.times.get(1), 2);
    const many = counting(new RuleCache(1000), 4);
    for (let line = 1; line <= 100; line++) many.get(line);
    many.get(1);
    assert.equal(many.times.get(1), 1);
  });

  test('one rule greater than all that is kept is kept until the next', () => {
    const { get, times } = counting(new RuleCache(1000), 5000);
    assert.equal(get(1), get(1));
    assert.equal(times.get(1), 1);
    get(2);
    get(3);
    get(1);
    assert.equal(times.get(1), 2);
  });
});
