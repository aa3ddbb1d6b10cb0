import assert from 'node:assert/strict';
import { formatNetwork } from '../../../src/core/address';
import type { Family } from '../../../src/core/address';
import { parseIpRule } from '../../../src/syntax/ip/rule';
import { parseSysctl } from '../../../src/syntax/ip/sysctl';

/** All that a rule says. */
function read(text: string, family?: Family): Record<string, unknown> {
  const { value, findings } = parseIpRule(`100:\t${text}\n`, 'dump', family);
  assert.deepEqual(findings, []);
  const { priority, from, to, range, text: written, ...facts } = value[0]!;
  assert.equal(priority, 100);
  assert.equal(written, `100:\t${text}`);
  assert.equal(range.line, 0);
  return {
    ...facts,
    ...(from ? { from: formatNetwork(from) } : {}),
    ...(to ? { to: formatNetwork(to) } : {}),
  };
}

const plain = { family: 4, negated: false, vrf: false, others: [] };
const main = { ...plain, action: { kind: 'lookup', table: 'main' } };

suite('ip rule, all that a rule says', () => {
  test('selectors are told as they are written, and no others', () => {
    for (const [text, facts] of [
      ['from all lookup main', {}],
      ['from 10.0.0.0/8 lookup main', { from: '10.0.0.0/8' }],
      ['from all to 10.0.0.0/8 lookup main', { to: '10.0.0.0/8' }],
      ['from all iif eth0 lookup main', { inInterface: 'eth0' }],
      ['from all oif eth1 lookup main', { outInterface: 'eth1' }],
      ['from all iif eth0 [detached] lookup main', { inInterface: 'eth0' }],
      ['not from all lookup main', { negated: true }],
      ['from all fwmark 0x4000 lookup main', { mark: { value: 0x4000, mask: 0xffffffff } }],
      [
        'from all fwmark 0x80000000/0x80000000 lookup main',
        { mark: { value: 0x80000000, mask: 0x80000000 } },
      ],
      ['from all tos lowdelay lookup main', { tos: { value: 0x10, mask: 0x1c } }],
      ['from all tos 10 lookup main', { tos: { value: 0x10, mask: 0x1c } }],
      ['from all dsfield 0x08 lookup main', { tos: { value: 8, mask: 0x1c } }],
      ['from all dscp 46 lookup main', { tos: { value: 0xb8, mask: 0xfc } }],
      ['from all dscp 0x08/0x38 lookup main', { tos: { value: 0x20, mask: 0xe0 } }],
      ['from all uidrange 7-9 lookup main', { uids: { from: 7, to: 9 } }],
      ['from all ipproto tcp lookup main', { protocol: 6 }],
      ['from all ipproto ipproto-132 lookup main', { protocol: 132 }],
      ['from all ipproto 47 lookup main', { protocol: 47 }],
      ['from all sport 1-1023 lookup main', { sourcePorts: { from: 1, to: 1023 } }],
      ['from all dport 443 lookup main', { destinationPorts: { from: 443, to: 443 } }],
      ['from all tun_id 5 lookup main', { tunnelId: 5 }],
      ['from all lookup main suppress_prefixlength 8', { suppressedLength: 8 }],
      ['from all lookup main suppress_ifgroup pods', { suppressedGroup: 'pods' }],
      ['from all lookup main proto kernel', {}],
      ['from all lookup main realms 1/2', { realms: '1/2' }],
    ] as const) {
      assert.deepEqual(read(text), { ...main, ...facts }, text);
    }
    assert.deepEqual(read('from all lookup main', 6), { ...main, family: 6 });
  });

  test('what a rule does', () => {
    for (const [text, facts] of [
      ['from all table 7', { action: { kind: 'lookup', table: '7' } }],
      ['from all goto 300', { action: { kind: 'goto', priority: 300 } }],
      ['from all goto 300 [unresolved]', { action: { kind: 'goto', priority: 300 } }],
      ['from all nop', { action: { kind: 'nop' } }],
      ['from all unreachable', { action: { kind: 'unreachable' } }],
      ['from all prohibit', { action: { kind: 'prohibit' } }],
      ['from all blackhole', { action: { kind: 'blackhole' } }],
      // Which table a VRF's device has is not said here.
      ['from all lookup [l3mdev-table]', { vrf: true, action: { kind: 'lookup' } }],
      ['from all l3mdev lookup 7', { vrf: true, action: { kind: 'lookup' } }],
    ] as const) {
      assert.deepEqual(read(text), { ...plain, ...facts }, text);
    }
  });

  test('a value in a form that is not known is kept beside the rule', () => {
    for (const word of ['uidrange', 'ipproto', 'sport', 'dport', 'goto', 'tun_id']) {
      const { others } = read(`from all ${word} ?x lookup main`);
      assert.deepEqual(others, [`${word} ?x`]);
    }
    assert.deepEqual(read('from all lookup main suppress_prefixlength x')['others'], [
      'suppress_prefixlength x',
    ]);
  });

  test('a line without a priority is named, an empty one is none', () => {
    const { value, findings } = parseIpRule('\nfrom all lookup main\nx100: from all\n', 'dump');
    assert.deepEqual(value, []);
    assert.deepEqual(
      findings.map(({ code, range }) => `${range.line} ${code}`),
      ['1 unknown-line', '2 unknown-line'],
    );
  });
});

suite('sysctl, its lines', () => {
  test('values are told as they stand; comments and empty lines are none', () => {
    const { value, findings } = parseSysctl(
      [
        'net.ipv4.ip_local_port_range = 32768\t60999',
        'net.core.pattern = a=b ',
        'net.ipv4.empty =',
        'net.ipv4.conf.eth0/100.rp_filter = 2',
        '; c',
        '  # c',
        '',
        '/proc/sys/net/ipv4/tcp_rmem:4096\t131072\t6291456',
        '/proc/sys/net/ipv6/conf/lo/x:a:b=c',
        "sysctl: reading key = 'x'",
      ].join('\n'),
      'dump',
    );
    const values = [...value].map(([name, line]) => [name, line.value] as const);
    assert.deepEqual(Object.fromEntries(values), {
      'net.ipv4.ip_local_port_range': '32768\t60999',
      'net.core.pattern': 'a=b',
      'net.ipv4.empty': '',
      'net.ipv4.conf.eth0/100.rp_filter': '2',
      'net.ipv4.tcp_rmem': '4096\t131072\t6291456',
      'net.ipv6.conf.lo.x': 'a:b=c',
    });
    assert.deepEqual(
      findings.map(({ code, range }) => `${range.line} ${code}`),
      ['9 unknown-line'],
    );
  });
});
