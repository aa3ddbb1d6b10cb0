import assert from 'node:assert/strict';
import { finish } from '../../../src/core/work';
import { nftBlocks } from '../../../src/syntax/expected/nftBlocks';
import { savedRules } from '../../../src/syntax/expected/savedRules';
import { withPauses } from '../../pauses';

/** `chain: 3 text`, for each rule or element of kube-proxy's table. */
function blocks(text: string, family: 4 | 6 = 4): readonly string[] {
  const found = finish(nftBlocks(text.split('\n'), family)).get('kube-proxy');
  return [...(found ?? [])].flatMap(([name, rules]) =>
    rules.length === 0
      ? [`${name}:`]
      : rules.map(({ text: own, line }) => `${name}: ${line} ${own}`),
  );
}

const inTable = (...lines: readonly string[]) =>
  ['table ip kube-proxy {', ...lines, '}'].join('\n');

suite('kube-proxy’s table as texts', () => {
  test('chains with their rules, sets and maps with head and elements, by their lines', () => {
    const text = inTable(
      '\tcomment "rules for kube-proxy"',
      '',
      '\tset cluster-ips {',
      '\t\ttype ipv4_addr',
      '\t\telements = { 10.96.0.1,',
      '\t\t\t     10.96.0.10 }',
      '\t}',
      '',
      '\tmap service-ips {',
      '\t\ttype ipv4_addr . inet_proto . inet_service : verdict',
      '\t\telements = { 10.96.0.1 . tcp . 443 comment "a, b" : goto service-A, 10.96.0.9 . tcp . 1 : drop }',
      '\t}',
      '\tset empty {',
      '\t\ttype ipv4_addr',
      '\t\telements = { }',
      '\t}',
      '\tchain services {',
      '\t\tip daddr @cluster-ips accept',
      '\t}',
      '\tchain none {',
      '\t}',
    );
    assert.deepEqual(blocks(text), [
      '@cluster-ips: 4 type ipv4_addr',
      '@cluster-ips: 5 10.96.0.1',
      '@cluster-ips: 5 10.96.0.10',
      '@service-ips: 10 type ipv4_addr . inet_proto . inet_service : verdict',
      '@service-ips: 11 10.96.0.1 . tcp . 443 comment "a, b" : goto service-A',
      '@service-ips: 11 10.96.0.9 . tcp . 1 : drop',
      '@empty: 14 type ipv4_addr',
      'services: 18 ip daddr @cluster-ips accept',
      'none:',
    ]);
  });

  test('of the family that is asked for, and of no other table', () => {
    const other = 'table ip nat {\n\tchain services {\n\t\taccept\n\t}\n}\n';
    const six = inTable('\tchain services {', '\t\tdrop', '\t}').replace(' ip ', ' ip6 ');
    const four = inTable('\tchain services {', '\t\treject', '\t}');
    const all = `${other}${four}\n${six}\n${other}`;
    assert.deepEqual(blocks(all), ['services: 7 reject']);
    assert.deepEqual(blocks(all, 6), ['services: 12 drop']);
    assert.equal(finish(nftBlocks(other.split('\n'), 4)).size, 0);
    assert.equal(finish(nftBlocks(['table ip kube-proxy {', '}'], 4)).size, 1);
    // What stands above or below the table is none of it.
    assert.deepEqual(blocks(`\tchain before {\n\t\taccept\n\t}\n${four}`), ['services: 5 reject']);
    assert.deepEqual(blocks(`${four}\n\tchain after {\n\t\taccept\n\t}\n`), ['services: 2 reject']);
  });

  test('what traffic put into a set is no part of what kube-proxy wrote', () => {
    for (const elements of [
      ['\t\telements = { 10.0.0.1 }'],
      ['\t\telements = { 10.0.0.1,', '\t\t 10.0.0.2 }'],
    ]) {
      const text = inTable(
        '\tset affinity-A {',
        '\t\ttype ipv4_addr',
        '\t\tflags dynamic,timeout',
        ...elements,
        '\t}',
        '\tset other {',
        '\t\tcomment "flags dynamic"',
        '\t\telements = { 10.0.0.3 }',
        '\t}',
      );
      assert.deepEqual(
        blocks(text).map((line) => line.replace(/ \d+ /, ' ')),
        [
          '@affinity-A: type ipv4_addr',
          '@affinity-A: flags dynamic,timeout',
          '@other: comment "flags dynamic"',
          '@other: 10.0.0.3',
        ],
      );
    }
  });

  test('one spelling for what versions of nft print differently', () => {
    for (const [line, same] of [
      [
        'type nat hook output priority dstnat; policy accept;',
        'type nat hook output priority -100; policy accept;',
      ],
      [
        'type filter hook prerouting priority dstnat - 10; policy accept;',
        'type filter hook prerouting priority -110; policy accept;',
      ],
      ['type filter hook input priority filter + 5;', 'type filter hook input priority 5;'],
      ['type nat hook postrouting priority srcnat;', 'type nat hook postrouting priority 100;'],
      ['type filter hook x priority raw;', 'type filter hook x priority -300;'],
      ['type filter hook x priority mangle;', 'type filter hook x priority -150;'],
      ['type filter hook x priority security;', 'type filter hook x priority 50;'],
      ['type filter hook input priority -110;', 'type filter hook input priority -110;'],
      ['ip daddr 10.0.0.1 counter packets 12 bytes 720 drop', 'ip daddr 10.0.0.1 drop'],
      ['ip daddr 10.0.0.1 counter drop', 'ip daddr 10.0.0.1 drop'],
      ['reject with icmp port-unreachable', 'reject'],
      ['reject with icmpv6 type port-unreachable', 'reject'],
      ['reject with icmpx port-unreachable', 'reject'],
      ['reject with tcp reset', 'reject with tcp reset'],
      ['accept # handle 12', 'accept'],
      [
        'ip saddr 10.0.0.1 comment "a # handle b" accept # handle 9',
        'ip saddr 10.0.0.1 comment "a # handle b" accept',
      ],
    ] as const) {
      const text = inTable('\tchain x {', `\t\t${line}`, '\t}').replace('{', '{ # handle 1');
      assert.deepEqual(blocks(text), [`x: 2 ${same}`]);
    }
  });

  test('gives way every 8,192 lines', () => {
    const lines = Array.from({ length: 16_384 }, () => '\t\taccept');
    assert.equal(withPauses(nftBlocks(lines, 4)).pauses, 2);
    assert.equal(withPauses(nftBlocks(lines.slice(0, 8191), 4)).pauses, 0);
  });
});

suite('iptables-save as texts', () => {
  const rules = (text: string, first?: number) =>
    [...finish(savedRules(text.split('\n'), first))].flatMap(([table, chains]) =>
      [...chains].flatMap(([chain, own]) =>
        own.length === 0
          ? [`${table} ${chain}`]
          : own.map(({ text: rule, line }) => `${table} ${chain} ${line}: ${rule}`),
      ),
    );

  test('by table and chain, declared or not, with their lines', () => {
    const text = [
      '# Generated by iptables-save',
      '-A BEFORE -j ACCEPT',
      ':BEFORE - [0:0]',
      '*nat',
      ':PREROUTING ACCEPT [12:720]',
      ':KUBE-A - [0:0]',
      '-A PREROUTING -j KUBE-A',
      '[12:720] -A PREROUTING -m mark --mark 0x1 -c 0 0',
      '-A OTHER -c 3 4 -j DROP ',
      '-A BARE',
      'COMMIT',
      '*filter ',
      ':INPUT ACCEPT [0:0]',
      '-P INPUT DROP',
      '*nat',
      '-A KUBE-A -j RETURN',
    ].join('\n');
    assert.deepEqual(rules(text), [
      'nat PREROUTING 6: -j KUBE-A',
      'nat PREROUTING 7: -m mark --mark 0x1',
      'nat KUBE-A 15: -j RETURN',
      'nat OTHER 8: -j DROP',
      'nat BARE 9: ',
      'filter INPUT',
    ]);
    assert.deepEqual(rules('*nat\n-A A -j B', 100), ['nat A 101: -j B']);
  });

  test('gives way every 4,096 lines', () => {
    const lines = Array.from({ length: 8192 }, () => '-A A -j B');
    assert.equal(withPauses(savedRules(lines)).pauses, 2);
    assert.equal(withPauses(savedRules(lines.slice(0, 4095))).pauses, 0);
  });
});
