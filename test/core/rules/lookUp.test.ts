import assert from 'node:assert/strict';
import {
  commentOf,
  firstRules,
  jumpsTo,
  lastRules,
  matchOf,
  natChains,
  placeOf,
  rulesIn,
} from '../../../src/core/rules/lookUp';
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

  test('by default so many that their kind shows, of however long a chain', () => {
    assert.equal(numbers(firstRules(chain(120))).length, 50);
    assert.deepEqual(numbers(lastRules(chain(120))).at(-1), 71);
    assert.equal(rulesIn(chain(120)).length, 120);
  });

  test('a chain that is neither declared nor has a rule stands nowhere', () => {
    assert.equal(placeOf({ ...chain(0), length: 0, declared: undefined }), undefined);
  });

  test('nat chains are of the nat table and of the family asked for', () => {
    const rules = '*filter\n:KUBE-X - [0:0]\nCOMMIT\n*nat\n:KUBE-X - [0:0]\nCOMMIT\n';
    const state = node({ rules });
    assert.deepEqual(
      natChains(state, 4, 'KUBE-X').map(({ table }) => table),
      ['nat'],
    );
    assert.deepEqual(natChains(state, 6, 'KUBE-X'), []);
    assert.deepEqual(natChains(state, 4, 'KUBE-Y'), []);
  });

  test('what a rule goes to, asks and notes', () => {
    const text = [
      '*nat',
      ':X - [0:0]',
      '-A X -p tcp -m comment --comment "shop/web:http" -j KUBE-SVC-A',
      '-A X -m mark --mark 0x1/0x1 -m mark --mark 0x2/0x2 -g KUBE-EXT-B',
      '-A X -j MASQUERADE',
      '-A X',
    ];
    const rules = rulesIn(natChains(node({ rules: text.join('\n') }), 4, 'X')[0]!);
    assert.deepEqual(rules.map(jumpsTo), ['KUBE-SVC-A', 'KUBE-EXT-B', undefined, undefined]);
    assert.deepEqual(rules.map(commentOf), ['shop/web:http', '', '', '']);
    assert.equal(matchOf(rules[1]!, 'mark')?.mask, 1);
    assert.equal(matchOf(rules[0]!, 'mark'), undefined);
  });
});
