import assert from 'node:assert/strict';
import { canonicalRule, withoutRuleCounters } from '../../../src/core/rules/ruleTexts';

suite('rules as texts', () => {
  // iptables-save -c writes `[packets:bytes]` before the rule, iptables -vS ` -c packets bytes` before its target.
  test('the counters before a rule are none of its text', () => {
    assert.equal(withoutRuleCounters('[12:720] -A INPUT -j X'), '-A INPUT -j X');
    assert.equal(withoutRuleCounters('-A INPUT -j X'), '-A INPUT -j X');
    assert.equal(
      withoutRuleCounters('-A X -j LOG --log-prefix "[1:2] "'),
      '-A X -j LOG --log-prefix "[1:2] "',
    );
  });

  test('nor are those within it or behind it, nor blanks at the end', () => {
    const same = '-s 10.0.0.0/8 -j ACCEPT';
    assert.equal(canonicalRule('-s 10.0.0.0/8 -j ACCEPT \r'), same);
    assert.equal(canonicalRule('-s 10.0.0.0/8 -j ACCEPT -c 120 7200'), same);
    assert.equal(canonicalRule('-s 10.0.0.0/8 -c 120 7200 -j ACCEPT'), same);
    assert.equal(canonicalRule('-c 120 7200 -s 10.0.0.0/8 -j ACCEPT'), same);
    assert.equal(canonicalRule(same), same);
  });

  test('what only looks like counters stays', () => {
    for (const text of ['-j LOG --log-prefix " -c 1 2x"', '-m comment --comment "a -c b" -j X'])
      assert.equal(canonicalRule(text), text);
  });
});
