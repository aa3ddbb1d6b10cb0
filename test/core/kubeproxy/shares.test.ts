import assert from 'node:assert/strict';
import { ruleShares } from '../../../src/core/kubeproxy/iptables/shares';
import { readDump } from './dump';

/** What each rule of a chain gets; `+` where the packet goes on behind it, `?` where the packet decides. */
function shares(rules: readonly string[], name = 'KUBE-SVC-DC3OOLRZIWFKJHLB', others = ''): string {
  const lines = rules.map((rule) => `-A ${name} ${rule}\n`).join('');
  const { tables } = readDump(`*nat\n:${name} - [0:0]\n${others}${lines}COMMIT\n`);
  const nat = tables.get('nat')!;
  return ruleShares(nat, nat.chains.get(name)!)
    .map(({ share, ends }) => `${share === undefined ? '?' : share.toFixed(2)}${ends ? '' : '+'}`)
    .join(' ');
}

const to = (hash: string) => `-j KUBE-SEP-${hash.padEnd(16, hash)}`;
const random = (probability: string) => `-m statistic --mode random --probability ${probability}`;

suite('the share of a rule', () => {
  test('is of what the rules before it leave', () => {
    const three = [`${random('0.33333333349')} ${to('A')}`, `${random('0.5')} ${to('B')}`, to('C')];
    assert.equal(shares(three), '0.33 0.33 0.33');
    assert.equal(shares(three.slice(1)), '0.50 0.50');
    assert.equal(shares([to('A'), to('B')]), '1.00 0.00');
  });

  for (const [matches, share] of [
    ['-m statistic --mode nth --every 4 --packet 0', '0.25'],
    // iptables refuses it.
    ['-m statistic --mode nth --every 0 --packet 0', '?'],
    ['-m statistic --mode random ! --probability 0.25', '0.75'],
    [`${random('0.5')} ${random('0.5')}`, '0.25'],
    // Who reaches the chain of a Service has its protocol; who has which port is the packet's.
    ['-p tcp', '1.00'],
    ['-p tcp -m tcp', '1.00'],
    ['! -p tcp', '?'],
    ['-p tcp -m tcp --dport 80', '?'],
    ['-m u32 --u32 "0=1"', '?'],
    ['-p udp -m udp --sport 53', '?'],
    ['-p tcp -m tcp --tcp-flags SYN SYN', '?'],
    ['-p tcp -m tcp --tcp-option 8', '?'],
    ['-s 10.244.0.0/16', '?'],
    // --set matches whoever comes (xt_recent.c).
    ['-m recent --set --name X', '1.00'],
    ['-m recent ! --set --name X', '?'],
    ['-m recent --rcheck --name X', '?'],
    ['-m nfacct --nfacct-name X', '1.00'],
    ['-m comment --comment "a -> b"', '1.00'],
  ] as const) {
    test(`with ${matches}: ${share}`, () => {
      assert.equal(shares([`${matches} ${to('A')}`]), share);
    });
  }

  test('what the packet decides takes nothing from the others', () => {
    assert.equal(shares([`-s 10.0.0.1/32 ${to('A')}`, to('B')]), '? 1.00');
  });

  test('a line that could not be read has none', () => {
    assert.equal(shares([`--no-such-option 7 ${to('A')}`, to('B')]), '? 1.00');
  });

  test('what does not end the packet’s way takes nothing', () => {
    for (const target of ['-j LOG', '-j MARK --set-xmark 0x1/0x1', '-j KUBE-MARK-MASQ', '']) {
      assert.equal(shares([target, to('B')]), '1.00+ 1.00', target);
    }
    for (const target of ['-j ACCEPT', '-j DNAT --to-destination 10.0.0.1:80', '-g elsewhere']) {
      assert.equal(shares([target, to('B')]), '1.00 0.00', target);
    }
  });

  test('a chain of somebody’s own ends it where its last rule does for all', () => {
    const by = (...own: readonly string[]) =>
      shares(
        ['-j own', to('B')],
        undefined,
        `:own - [0:0]\n${own.map((rule) => `-A own ${rule}\n`).join('')}`,
      );
    assert.equal(by('-j LOG', '-j ACCEPT'), '1.00 0.00');
    assert.equal(by(), '1.00+ 1.00');
    assert.equal(by('-j ACCEPT', '-j LOG'), '1.00+ 1.00');
    assert.equal(by('-j RETURN'), '1.00+ 1.00');
    assert.equal(by('-s 10.0.0.1/32 -j ACCEPT'), '1.00+ 1.00');
    assert.equal(by('-j ACCEPT', '-m comment --comment counts'), '1.00+ 1.00');
    assert.equal(by('-j own'), '1.00+ 1.00');
  });
});
