import assert from 'node:assert/strict';
import { check, compare, constant, meta, number, one, payload, text } from './oneStatement';

suite('nft: what is compared', () => {
  test('fields of the packet, by type', () => {
    check([
      [
        'ip saddr 10.0.0.0/8',
        compare(payload('ip', 'saddr'), { kind: 'network', network: '10.0.0.0/8' }),
      ],
      [
        'ip saddr != 10.0.0.1-10.0.0.9',
        compare(
          payload('ip', 'saddr'),
          { kind: 'addresses', from: '10.0.0.1', to: '10.0.0.9' },
          '!=',
        ),
      ],
      ['ip6 nexthdr tcp', compare(payload('ip6', 'nexthdr'), number(6))],
      ['ip dscp cs1', compare(payload('ip', 'dscp'), number(8))],
      ['ip ecn ce', compare(payload('ip', 'ecn'), number(3))],
      ['ip ttl > 64', compare(payload('ip', 'ttl'), number(64), '>')],
      ['ip ttl gt 64', compare(payload('ip', 'ttl'), number(64), '>')],
      ['ip ttl <= 64', compare(payload('ip', 'ttl'), number(64), '<=')],
      ['tcp dport 22-23', compare(payload('tcp', 'dport'), number(22, 23))],
      ['tcp dport ssh-telnet', compare(payload('tcp', 'dport'), number(22, 23))],
      ['tcp sport eq 80', compare(payload('tcp', 'sport'), number(80))],
      ['udp length lt 8', compare(payload('udp', 'length'), number(8), '<')],
      ['icmp type echo-request', compare(payload('icmp', 'type'), number(8))],
      ['icmp code host-unreachable', compare(payload('icmp', 'code'), number(1))],
      ['icmpv6 type nd-neighbor-solicit', compare(payload('icmpv6', 'type'), number(135))],
      ['ether type ip6', compare(payload('ether', 'type'), number(0x86dd))],
      [
        'ether saddr 00:11:22:AA:BB:CC',
        compare(payload('ether', 'saddr'), text('00:11:22:aa:bb:cc')),
      ],
      [
        'arp saddr ip 10.0.0.1',
        compare(payload('arp', 'saddr ip'), { kind: 'network', network: '10.0.0.1/32' }),
      ],
      ['tcp flags syn,ack', compare(payload('tcp', 'flags'), number(0x12), 'any')],
      ['tcp flags == (syn | ack)', compare(payload('tcp', 'flags'), number(0x12))],
      [
        'tcp flags syn / syn,ack',
        compare(
          {
            kind: 'arithmetic',
            operator: '&',
            left: payload('tcp', 'flags'),
            right: constant(0x12),
          },
          number(2),
        ),
      ],
      [
        'tcp flags != syn / syn,ack',
        compare(
          {
            kind: 'arithmetic',
            operator: '&',
            left: payload('tcp', 'flags'),
            right: constant(0x12),
          },
          number(2),
          '!=',
        ),
      ],
      [
        'tcp option maxseg size 1400',
        compare(
          {
            ...{ kind: 'option', protocol: 'tcp', presence: false },
            text: 'tcp option maxseg size',
          },
          number(1400),
        ),
      ],
      [
        '@nh,16,16 5',
        compare({ kind: 'raw', base: 'nh', offset: 16, length: 16, text: '@nh,16,16' }, number(5)),
      ],
    ]);
  });

  test('what the kernel keeps with the packet, its connection and the routes', () => {
    check([
      ['meta nfproto ipv6', compare(meta('nfproto'), number(10))],
      ['iifname "cali*"', compare(meta('iifname'), text('cali', true))],
      ['meta oifname "eth0"', compare(meta('oifname'), text('eth0'))],
      ['oif 0', compare(meta('oif'), number(0))],
      ['iif "lo"', compare(meta('iif'), text('lo'))],
      ['skuid 1000', compare(meta('skuid'), number(1000))],
      ['meta day Monday', compare(meta('day'), number(1))],
      ['ct direction reply', compare({ kind: 'ct', key: 'direction' }, number(1))],
      [
        'ct original ip saddr 10.0.0.1',
        compare(
          { kind: 'ct', key: 'saddr', direction: 'original', family: 4 },
          { kind: 'network', network: '10.0.0.1/32' },
        ),
      ],
      [
        'ct reply ip6 daddr fd00::1',
        compare(
          { kind: 'ct', key: 'daddr', direction: 'reply', family: 6 },
          { kind: 'network', network: 'fd00::1/128' },
        ),
      ],
      [
        'ct original proto-dst https',
        compare({ kind: 'ct', key: 'proto-dst', direction: 'original' }, number(443)),
      ],
      [
        'fib daddr . iif type local',
        compare(
          { kind: 'fib', result: 'type', present: false, flags: ['daddr', 'iif'] },
          number(2),
        ),
      ],
      [
        'fib saddr oif != 0',
        compare({ kind: 'fib', result: 'oif', present: true, flags: ['saddr'] }, number(0), '!='),
      ],
      // `exists` as nft -n prints it; of the device with the index 1 it prints the name.
      [
        'fib saddr . iif oif 1',
        compare({ kind: 'fib', result: 'oif', present: true, flags: ['saddr', 'iif'] }, number(1)),
      ],
      [
        'fib saddr oif "lo"',
        compare({ kind: 'fib', result: 'oif', present: false, flags: ['saddr'] }, text('lo')),
      ],
      [
        'fib saddr check exists',
        compare({ kind: 'fib', result: 'oif', present: true, flags: ['saddr'] }, number(1)),
      ],
      [
        'fib saddr oifname "eth0"',
        compare({ kind: 'fib', result: 'oifname', present: false, flags: ['saddr'] }, text('eth0')),
      ],
      [
        'numgen inc mod 3 offset 5 == 6',
        compare({ kind: 'numgen', mode: 'inc', modulus: 3, offset: 5 }, number(6)),
      ],
      [
        'jhash ip saddr . tcp sport mod 4 seed 0x10 offset 1 2',
        compare(
          {
            ...{ kind: 'jhash', modulus: 4, seed: 16, offset: 1 },
            of: { kind: 'concat', parts: [payload('ip', 'saddr'), payload('tcp', 'sport')] },
          },
          number(2),
        ),
      ],
      ['symhash mod 2 1', compare({ kind: 'symhash', modulus: 2, offset: 0 }, number(1))],
      ['socket transparent 1', compare({ kind: 'socket', text: 'socket transparent' }, number(1))],
      [
        'socket cgroupv2 level 2 5',
        compare({ kind: 'socket', text: 'socket cgroupv2 level 2' }, number(5)),
      ],
      [
        'rt nexthop 10.0.0.1',
        compare(
          { kind: 'rt', key: 'nexthop', text: 'rt nexthop' },
          { kind: 'network', network: '10.0.0.1/32' },
        ),
      ],
      ['rt type 0', compare(payload('rt', 'type'), number(0))],
      ['ipsec in reqid 1', compare({ kind: 'ipsec', text: 'ipsec in reqid' }, number(1))],
      [
        'ipsec out spnum 1 spi 5',
        compare({ kind: 'ipsec', text: 'ipsec out spnum 1 spi' }, number(5)),
      ],
      ['ipsec exists', compare(meta('ipsec'), number(1))],
    ]);
  });

  test('arithmetic, from the loosest to the tightest', () => {
    const of = (operator: string, left: object, right: object) => ({
      ...{ kind: 'arithmetic', operator, left, right },
    });
    const mark = meta('mark');
    check([
      ['meta mark & 0xf == 5', compare(of('&', mark, constant(15)), number(5))],
      ['meta mark or 1 xor 2 and 4 == 5', compare(of('|', mark, constant(1 ^ (2 & 4))), number(5))],
      ['meta mark << 2 == 8', compare(of('<<', mark, constant(2)), number(8))],
      ['meta mark rshift 2 != 8', compare(of('>>', mark, constant(2)), number(8), '!=')],
      [
        '(meta mark & 1) | 2 == 3',
        compare(of('|', of('&', mark, constant(1)), constant(2)), number(3)),
      ],
    ]);
    assert.deepEqual(one('meta mark set mark | 0x80000000 | 1'), {
      ...{ kind: 'assign', to: mark },
      value: of('|', of('|', mark, constant(0x80000000)), constant(1)),
    });
    assert.deepEqual(one('meta mark set 0xffffffff >> 4 << 1'), {
      ...{ kind: 'assign', to: mark, value: constant(0x1ffffffe) },
    });
  });

  test('sets: named and anonymous, negated, of several parts', () => {
    const named = { kind: 'named', name: 's' };
    const pair = { kind: 'concat', parts: [payload('ip', 'daddr'), payload('tcp', 'dport')] };
    const anonymous = (...elements: object[]) => ({ kind: 'anonymous', elements });
    const address = { kind: 'network', network: '10.0.0.1/32' };
    check([
      ['ip saddr @s', { kind: 'lookup', key: payload('ip', 'saddr'), set: named, negated: false }],
      [
        'ip saddr != @s',
        { kind: 'lookup', key: payload('ip', 'saddr'), set: named, negated: true },
      ],
      ['ip daddr . tcp dport @s', { kind: 'lookup', key: pair, set: named, negated: false }],
      [
        'ip daddr . tcp dport != { 10.0.0.1 . 80, 10.0.0.1 . 81-90 }',
        {
          ...{ kind: 'lookup', key: pair, negated: true },
          set: anonymous({ key: [address, number(80)] }, { key: [address, number(81, 90)] }),
        },
      ],
      [
        'ip daddr . tcp dport != 10.0.0.1 . 80',
        {
          kind: 'lookup',
          key: pair,
          set: anonymous({ key: [address, number(80)] }),
          negated: true,
        },
      ],
      [
        'tcp dport vmap { 80 : accept, 443 counter packets 1 bytes 2 : jump web, * : drop }',
        {
          ...{ kind: 'vmap', key: payload('tcp', 'dport') },
          map: anonymous(
            { key: [number(80)], data: { kind: 'verdict', verdict: { kind: 'ACCEPT' } } },
            {
              ...{ key: [number(443)], counters: { packets: 1, bytes: 2 } },
              data: { kind: 'verdict', verdict: { kind: 'jump', chain: 'web' } },
            },
            { data: { kind: 'verdict', verdict: { kind: 'DROP' } } },
          ),
        },
      ],
      [
        'meta mark set tcp dport map @m',
        {
          kind: 'assign',
          to: meta('mark'),
          value: { kind: 'map', key: payload('tcp', 'dport'), map: { kind: 'named', name: 'm' } },
        },
      ],
      [
        'ip saddr { 10.0.0.1 comment "a, b" timeout 1m expires 30s, 10.0.0.0/8 limit rate 5/second, nonsense here }',
        {
          ...{ kind: 'lookup', key: payload('ip', 'saddr'), negated: false },
          set: anonymous(
            { key: [address], comment: 'a, b', timeout: 60, expires: 30 },
            {
              ...{
                key: [{ kind: 'network', network: '10.0.0.0/8' }],
                condition: 'limit rate 5/second',
              },
              conditions: [{ kind: 'limit', text: '5/second burst 5', burst: 5, above: false }],
            },
            { key: [{ kind: 'unknown', text: 'nonsense here' }] },
          ),
        },
      ],
    ]);
  });
});
