import assert from 'node:assert/strict';
import { firstRules, lastRules, natChains, placeOf } from '../../../src/core/rules/lookUp';
import { node } from '../trace/helper';

/** A chain of some ports, undeclared where `-N` is left out, as a part of `iptables -S` has it. */
function chain(rules: number, declared = true) {
  const lines = Array.from(
    { length: rules },
    (_, i) => `-A KUBE-X -p tcp --dport ${i + 1} -j RETURN`,
  );
  const head = ['*nat', ...(declared ? [':KUBE-X - [0:0]'] : [])];
  const text = [...head, ...lines].join('\n');
  return natChains(node({ rules: text }), 4, 'KUBE-X')[0]!;
}

const numbers = (rules: Iterable<{ readonly number: number }>) =>
  Array.from(rules, ({ number }) => number);

suite('rules of a chain looked up', () => {
  test('the first ones, and the last ones from the end', () => {
    assert.deepEqual(numbers(firstRules(chain(5), 3)), [1, 2, 3]);
    assert.deepEqual(numbers(lastRules(chain(5), 3)), [5, 4, 3]);
    assert.deepEqual(numbers(lastRules(chain(2), 3)), [2, 1]);
    assert.deepEqual(numbers(firstRules(chain(2), 3)), [1, 2]);
  });

  test('a chain stands at its declaration, else at its first rule', () => {
    assert.equal(placeOf(chain(2))?.line, 1);
    assert.equal(placeOf(chain(2, false))?.line, 1);
  });
});
