import assert from 'node:assert/strict';
import { addressKey, parseAddress } from '../../src/core/address';
import { CandidateRules } from '../../src/syntax/candidates';

const address = (i: number) => parseAddress(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)!;

/** Rules to one address each, but for every tenth, which takes all; counts what is asked for. */
function chain(length: number) {
  const asked = { count: 0 };
  const rules = new CandidateRules(length, (i) => {
    asked.count++;
    return i % 10 === 0 ? undefined : addressKey(address(i));
  });
  return { rules, asked };
}

suite('rules that a packet may match', () => {
  test('those to its address and those to all, in their order', () => {
    const { rules } = chain(100);
    const found = [...rules.of(address(55))];
    assert.deepEqual(found, [0, 10, 20, 30, 40, 50, 55, 60, 70, 80, 90]);
  });

  test('a long chain is read once, with pauses, in work that grows with its rules', () => {
    const pauses = (length: number) => {
      const { rules, asked } = chain(length);
      let count = 0;
      for (const work = rules.prepare()!; work.next().done !== true; count++);
      assert.equal(asked.count, length);
      assert.equal(rules.prepare(), undefined);
      assert.equal([...rules.of(address(15))].length, length / 10 + 1);
      assert.equal(asked.count, length);
      return count;
    };
    const few = pauses(20_000);
    assert.ok(few >= 9 && few <= 10);
    assert.ok(pauses(40_000) <= 2 * few + 1);
  });

  test('whoever asks while another one reads it gets the same', () => {
    const { rules } = chain(5000);
    const [one, other] = [rules.prepare()!, rules.prepare()!];
    one.next();
    while (!other.next().done);
    const before = [...rules.of(address(15))];
    while (!one.next().done);
    assert.deepEqual([...rules.of(address(15))], before);
    assert.equal(before.length, 501);
  });

  test('a short chain is not read at all', () => {
    const { rules, asked } = chain(30);
    assert.equal(rules.prepare(), undefined);
    assert.deepEqual(
      [...rules.of(address(15))],
      Array.from({ length: 30 }, (_, i) => i),
    );
    assert.equal(asked.count, 0);
    assert.equal(chain(32).rules.prepare(), undefined);
    assert.notEqual(chain(33).rules.prepare(), undefined);
  });
});
