import assert from 'node:assert/strict';
import { natChains, rulesIn } from '../../../src/core/rules/lookUp';
import { node, oneChain } from '../trace/helper';

/** The kinds of what a rule of nft asks and does. */
function ofNft(rule: string, declared = '') {
  const chain = oneChain(rule, { declared }).tables[0]!.chains.get('c')!;
  const { statements, matches, target } = chain.rule(0);
  const kinds = (list: readonly { readonly kind: string }[]) => list.map(({ kind }) => kind);
  return { statements: kinds(statements), matches: kinds(matches), target: target?.kind };
}

suite('a rule', () => {
  test('of iptables asks first and acts last, where it acts', () => {
    const text = '*nat\n:X - [0:0]\n-A X -p tcp -m mark --mark 0x1/0x1 -j ACCEPT\n-A X -p tcp\n';
    const rules = rulesIn(natChains(node({ rules: text }), 4, 'X')[0]!);
    const kinds = rules.map(({ statements }) => statements.map(({ kind }) => kind));
    assert.deepEqual(kinds, [['protocol', 'mark', 'ACCEPT'], ['protocol']]);
  });

  test('of nft has those of its statements as matches and target that iptables has, too', () => {
    assert.deepEqual(ofNft('meta l4proto tcp ct state new counter packets 1 bytes 2 accept'), {
      statements: ['compare', 'compare', 'counter', 'ACCEPT'],
      matches: [],
      target: 'ACCEPT',
    });
    assert.deepEqual(ofNft('limit rate 5/minute log prefix "x" drop'), {
      statements: ['limit', 'LOG', 'DROP'],
      matches: ['limit'],
      target: 'DROP',
    });
    assert.deepEqual(ofNft('quota over 100 bytes used 5 bytes drop').matches, []);
    assert.deepEqual(ofNft('limit name "l" drop', '\tlimit l {\n\t\trate 1/second\n\t}\n'), {
      statements: ['named', 'DROP'],
      matches: [],
      target: 'DROP',
    });
    assert.equal(ofNft('ip saddr { 10.0.0.1 } counter').target, undefined);
  });
});
