import assert from 'node:assert/strict';
import { formatAddress, formatNetwork } from '../../../src/core/address';
import type { Route } from '../../../src/core/node';
import { parseFibTrie } from '../../../src/syntax/ip/fibTrie';
import { parseProcIpv6Route, parseProcRoute } from '../../../src/syntax/ip/procRoute';
import { parseIpRoute } from '../../../src/syntax/ip/route';
import { routeTableParser } from '../../../src/syntax/ip/routeTable';
import { parseLines, type Parsed } from '../../../src/syntax/lines';

/** All that a route says. */
function show(route: Route): unknown {
  const { destination, nextHops, source, range, ...facts } = route;
  return {
    ...facts,
    to: formatNetwork(destination),
    hops: nextHops.map(({ via, device, weight, flags = [] }) =>
      [`${via ? formatAddress(via) : '-'}@${device ?? '-'}*${weight}`, ...flags].join(' '),
    ),
    ...(source ? { source: formatAddress(source) } : {}),
    line: range.line,
  };
}

function read({ value, findings }: Parsed<readonly Route[]>): unknown[] {
  assert.deepEqual(findings, []);
  return value.map(show);
}

const plain = { type: 'unicast', table: 'main', metric: 0, flags: [], line: 0 };

suite('ip route, all that a route says', () => {
  const one = (text: string) => read(parseIpRoute(text, 'dump'));

  test('words with a value, and words that stand alone', () => {
    assert.deepEqual(
      one(
        '10.0.0.0/8 via 192.0.2.1 dev eth0 proto static scope link src 192.0.2.9 metric 7 onlink',
      ),
      [
        {
          ...{ ...plain, to: '10.0.0.0/8', hops: ['192.0.2.1@eth0*1'], source: '192.0.2.9' },
          ...{ protocol: 'static', scope: 'link', metric: 7, flags: ['onlink'] },
        },
      ],
    );
    assert.deepEqual(one('10.0.0.0/8 dev eth0 table 7 mtu 1400 congctl bbr dead'), [
      { ...plain, to: '10.0.0.0/8', hops: ['-@eth0*1'], table: '7', flags: ['dead'] },
    ]);
    assert.deepEqual(one('throw 10.0.0.0/8'), [
      { ...plain, type: 'throw', to: '10.0.0.0/8', hops: [] },
    ]);
    assert.deepEqual(one('10.0.0.0/8 via inet 192.0.2.1'), [
      { ...plain, to: '10.0.0.0/8', hops: ['192.0.2.1@-*1'] },
    ]);
  });

  test('the TOS by number or by its name of rt_dsfield', () => {
    const tos = (text: string) =>
      parseIpRoute(`10.0.0.0/8 tos ${text} dev eth0`, 'dump').value[0]!.tos;
    for (const [text, bits] of [
      ['0x10', 0x10],
      ['lowdelay', 0x10],
      ['throughput', 0x08],
      ['EF', 0xb8],
      ['CS1', 0x20],
      ['CS7', 0xe0],
      ['AF11', 0x28],
      ['AF23', 0x58],
      ['AF43', 0x98],
    ] as const) {
      assert.equal(tos(text), bits, text);
    }
  });

  test('the family of a default route is that of an address beside it', () => {
    const to = (text: string, family?: 4 | 6) =>
      (read(parseIpRoute(text, 'dump', { family })) as { to: string }[])[0]!.to;
    assert.equal(to('default via fe80::1 dev eth0'), '::/0');
    assert.equal(to('default dev eth0 src fd00::1'), '::/0');
    assert.equal(to('default from fd00::/48 dev eth0'), '::/0');
    assert.equal(to('default via 192.0.2.1 dev eth0', 6), '0.0.0.0/0');
    assert.equal(to('default dev eth0 pref medium'), '::/0');
    assert.equal(to('default dev eth0', 6), '::/0');
    assert.equal(to('default dev eth0'), '0.0.0.0/0');
  });

  test('the packets that a route of IPv6 is for: from a network, or from an address', () => {
    const from = (text: string) => formatNetwork(parseIpRoute(text, 'dump').value[0]!.from!);
    assert.equal(from('default from fd00::/48 via fe80::1 dev eth0 pref medium'), 'fd00::/48');
    assert.equal(from('fd01::/64 from fd00::7 dev eth0'), 'fd00::7/128');
    const [plain] = parseIpRoute('fd01::/64 dev eth0 src fd00::7', 'dump').value;
    assert.equal(plain!.from, undefined);
  });

  test('next hops on the same line or below, with their weights and flags', () => {
    const hops = ['10.0.0.1@eth0*1', '10.0.0.2@eth1*20 dead linkdown', 'fe80::1@-*1'];
    const words =
      'nexthop via 10.0.0.1 dev eth0 weight 1 nexthop via 10.0.0.2 dev eth1 weight 20 dead linkdown nexthop via inet6 fe80::1';
    const route = { ...plain, to: '10.0.0.0/8', hops, protocol: 'bird' };
    assert.deepEqual(one(`10.0.0.0/8 proto bird ${words}\n`), [route]);
    const below = words.replaceAll(' nexthop', '\n\tnexthop');
    assert.deepEqual(one(`10.0.0.0/8 proto bird \n\t${below}\n\n`), [route]);
    const lonely = parseIpRoute('\tnexthop via 10.0.0.1 dev eth0 weight 1\n', 'dump');
    assert.deepEqual([lonely.value, lonely.findings[0]?.code], [[], 'unknown-line']);
  });
});

suite('route -n and netstat -rn', () => {
  const table = (...rows: string[]) => parseLines(rows.join('\n'), routeTableParser('dump'));

  test('gateways, devices, rejected destinations and metrics; head lines are none', () => {
    const routes = read(
      table(
        'Kernel IP routing table',
        'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface',
        '',
        'default         192.0.2.1       0.0.0.0         UG    100    0        0 eth0',
        '192.0.2.0       0.0.0.0         255.255.255.0   U     0      0        0 eth0',
        '10.0.0.0        -               255.0.0.0       !     0      -        0 -',
      ),
    );
    assert.deepEqual(routes, [
      { ...plain, to: '0.0.0.0/0', hops: ['192.0.2.1@eth0*1'], metric: 100, line: 3 },
      { ...plain, to: '192.0.2.0/24', hops: ['-@eth0*1'], line: 4 },
      { ...plain, type: 'unreachable', to: '10.0.0.0/8', hops: ['-@-*1'], line: 5 },
    ]);
  });

  test('a row that is cut, or has no destination, is named', () => {
    const { value, findings } = table(
      '192.0.2.0       0.0.0.0         255.255.255.0   U     0      0        0',
      'anything        0.0.0.0         255.255.255.0   U     0      0        0 eth0',
    );
    assert.deepEqual(value, []);
    assert.deepEqual(
      findings.map(({ code, range }) => `${range.line} ${code}`),
      ['0 unknown-line', '1 unknown-line'],
    );
  });
});

suite('routes in /proc/net, all that a line says', () => {
  const row = (...words: string[]) => parseProcRoute(words.join('\t'), 'dump');

  test('route: metric in decimals, reject and gateway by their flags', () => {
    assert.deepEqual(
      read(row('eth0', '0000000A', '010200C0', '0003', '0', '0', '100', '000000FF', '0')),
      [{ ...plain, to: '10.0.0.0/8', hops: ['192.0.2.1@eth0*1'], metric: 100 }],
    );
    assert.deepEqual(
      read(row('eth0', '0000000A', '010200C0', '0001', '0', '0', '0', '000000FF', '0')),
      [{ ...plain, to: '10.0.0.0/8', hops: ['-@eth0*1'] }],
    );
    assert.deepEqual(
      read(row('*', '0000000A', '00000000', '0200', '0', '0', '0', '000000FF', '0')),
      [{ ...plain, type: 'unreachable', to: '10.0.0.0/8', hops: [] }],
    );
  });

  test('route: a line whose destination, gateway or mask is no address is named', () => {
    for (const bad of [
      ['eth0', 'x', '00000000', '0001', '0', '0', '0', '000000FF'],
      ['eth0', '0000000A', 'x', '0001', '0', '0', '0', '000000FF'],
      ['eth0', '0000000A', '00000000', '0001', '0', '0', '0', 'FF'],
      ['eth0', '0000000A', '00000000', '0001'],
    ]) {
      const { value, findings } = row(...bad);
      assert.deepEqual([value, findings[0]?.code], [[], 'unknown-line'], bad.join(' '));
    }
  });

  const zero = '0'.repeat(32);
  const six = (to: string, length: string, flags: string, gateway = zero) =>
    parseProcIpv6Route(
      `${to.padEnd(32, '0')} ${length} ${zero} 00 ${gateway} 00000400 00000001 00000000 ${flags} eth0`,
      'dump',
    );

  test('ipv6_route: the kind by the flags, the table by the kind', () => {
    const route = { ...plain, metric: 1024, hops: ['-@eth0*1'] };
    const gateway = `fe80${'0'.repeat(27)}1`;
    for (const [parsed, expected] of [
      [six('fd', '08', '00000001'), { to: 'fd00::/8' }],
      [six('fd', '08', '00000003', gateway), { to: 'fd00::/8', hops: ['fe80::1@eth0*1'] }],
      [six('fd', '08', '00000001', gateway), { to: 'fd00::/8' }],
      [six('fd', '80', '80000001'), { type: 'local', to: 'fd00::/128', table: 'local' }],
      // A local route may carry the bit of refusal: it is this machine's address all the same.
      [six('fd', '80', '80000201'), { type: 'local', to: 'fd00::/128', table: 'local' }],
      [six('fd', '80', '00100001'), { type: 'anycast', to: 'fd00::/128', table: 'local' }],
      [six('ff', '08', '00000001'), { type: 'multicast', to: 'ff00::/8', table: 'local' }],
      [six('fe', '08', '00000001'), { to: 'fe00::/8' }],
      [six('fd', '08', '00000201'), { type: 'unreachable', to: 'fd00::/8', hops: [] }],
    ] as const) {
      assert.deepEqual(read(parsed), [{ ...route, ...expected }]);
    }
  });

  test('ipv6_route: the packets that a route is for', () => {
    const source = 'fd42'.padEnd(32, '0');
    const line = `${zero} 00 ${source} 40 ${zero} 00000400 00000001 00000000 00000001 eth0`;
    const [route] = parseProcIpv6Route(line, 'dump').value;
    assert.equal(formatNetwork(route!.from!), 'fd42::/64');
    assert.equal(
      parseProcIpv6Route(line.replace(' 40 ', ' 00 '), 'dump').value[0]!.from,
      undefined,
    );
  });

  test('ipv6_route: a line that is cut, or whose length is no byte, is named', () => {
    for (const { value, findings } of [
      six('fd', '008', '00000001'),
      six('fd', '08', '00000001', 'x'),
      parseProcIpv6Route(`${zero} 00 ${zero} 00 ${zero} 00000400 00000001 00000000 1`, 'dump'),
    ]) {
      assert.deepEqual([value, findings[0]?.code], [[], 'unknown-line']);
    }
  });

  test('fib_trie: scope, kind and table of each alias; a line that is none is named', () => {
    const text = [
      'Id 253:',
      '  |-- 10.0.0.0',
      '     /8 universe BLACKHOLE tos=16',
      'Id 7:',
      '  +-- 10.0.0.0/8 2 0 2',
      '     /8 universe UNICAST',
      '  |-- 10.1.0.0',
      '     /16 link BROADCAST',
      '     /16 link 77',
      '     /99 link UNICAST',
      '',
    ].join('\n');
    const { value, findings } = parseFibTrie(text, 'dump');
    assert.deepEqual(value.routes.map(show), [
      {
        ...{ ...plain, type: 'blackhole', to: '10.0.0.0/8', hops: [], table: 'default' },
        ...{ scope: 'universe', line: 2 },
      },
      {
        ...{ ...plain, type: 'broadcast', to: '10.1.0.0/16', hops: [], table: '7' },
        ...{ scope: 'link', line: 7 },
      },
    ]);
    assert.deepEqual(
      findings.map(({ range }) => range.line),
      [5, 8, 9],
    );
    assert.equal(value.routingRules, undefined);
  });
});
