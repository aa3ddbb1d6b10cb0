import assert from 'node:assert/strict';
import { formatNetwork, parseAddress } from '../../../../src/core/address';
import type { NodeState } from '../../../../src/core/node';
import { search, tablesOf, type Tables } from '../../../../src/core/trace/route/fibTables';
import type { RouteKey } from '../../../../src/core/trace/route/routeKey';
import { parseIpAddress } from '../../../../src/syntax/ip/address';
import { parseIpRoute } from '../../../../src/syntax/ip/route';

const at = (text: string) => parseAddress(text)!;

/** What a table answers: `10.0.0.0/8 by eth0`, `unreachable 10.0.0.0/8`, or none. */
function found(
  routes: string,
  to: string,
  key: Partial<RouteKey> = {},
  fib: (tables: Tables) => Tables['local'] = ({ merged }) => merged,
  node: Partial<NodeState> = {},
): string {
  const destination = at(to);
  const { family } = destination;
  const read = parseIpRoute(routes, 'routes', { family }).value;
  const answer = search(
    fib(tablesOf(read, family)),
    { destination, mark: 0, ...key },
    {
      ...{ name: 'a', rulesets: [], findings: [] },
      ...node,
    },
  );
  if (!answer) return 'none';
  const { route, hops, length } = answer;
  const network = formatNetwork(route.destination);
  assert.equal(network.endsWith(`/${length}`), true);
  const by = hops.map(({ device }) => device).join();
  return by === '' ? `${route.type} ${network}` : `${network} by ${by}`;
}

function table(
  title: string,
  routes: string,
  rows: readonly (readonly [to: string, wanted: string, key?: Partial<RouteKey>])[],
  fib?: (tables: Tables) => Tables['local'],
): void {
  for (const [to, wanted, key] of rows) {
    test(`${title}: ${to}${key ? ` ${JSON.stringify(key)}` : ''}: ${wanted}`, () => {
      assert.equal(found(routes, to, key, fib), wanted);
    });
  }
}

suite('a table of IPv4 (fib_table_lookup)', () => {
  table(
    'the longest prefix, whose bits all count',
    'default dev eth0\n10.0.0.0/8 dev eth1\n10.128.0.0/9 dev eth2\n10.128.0.0/31 dev eth3\n10.128.0.1 dev eth4\n',
    [
      ['9.255.255.255', '0.0.0.0/0 by eth0'],
      ['10.0.0.0', '10.0.0.0/8 by eth1'],
      ['10.127.255.255', '10.0.0.0/8 by eth1'],
      ['10.128.0.2', '10.128.0.0/9 by eth2'],
      ['10.128.0.0', '10.128.0.0/31 by eth3'],
      ['10.128.0.1', '10.128.0.1/32 by eth4'],
      ['11.0.0.0', '0.0.0.0/0 by eth0'],
    ],
  );
  table('nothing where no prefix holds it', '10.0.0.0/8 dev eth1\n', [['11.0.0.1', 'none']]);

  table(
    'of one prefix the lowest metric',
    '10.0.0.0/8 dev a metric 20\n10.0.0.0/8 dev b metric 10\n10.0.0.0/8 dev c\n',
    [['10.0.0.1', '10.0.0.0/8 by c']],
  );
  table(
    'of one prefix that of the table local first',
    '10.0.0.1 dev a\n10.0.0.1 tos 0x10 dev b\nlocal 10.0.0.1 dev lo table local metric 100\n',
    [
      ['10.0.0.1', '10.0.0.1/32 by lo'],
      ['10.0.0.1', '10.0.0.1/32 by lo', { tos: 0x10 }],
    ],
  );
  table(
    'a route for a TOS only for that, before one for all, whatever its metric',
    '10.0.0.0/8 dev a\n10.0.0.0/8 tos 0x10 dev b metric 9\n10.0.0.0/8 tos 0x08 dev c\n',
    [
      ['10.0.0.1', '10.0.0.0/8 by a'],
      ['10.0.0.1', '10.0.0.0/8 by b', { tos: 0x10 }],
      ['10.0.0.1', '10.0.0.0/8 by c', { tos: 0x08 }],
      ['10.0.0.1', '10.0.0.0/8 by a', { tos: 0x04 }],
      // The precedence and the bits of ECN are not asked.
      ['10.0.0.1', '10.0.0.0/8 by b', { tos: 0xf3 }],
    ],
  );
  table(
    'what is dead is passed by',
    '10.0.0.0/8 dev a dead linkdown\n10.0.0.0/8 dev b metric 9\n',
    [['10.0.0.1', '10.0.0.0/8 by b']],
  );
  table(
    'of several next hops those that live',
    '10.0.0.0/8 nexthop via 1.1.1.1 dev a weight 1 dead nexthop via 1.1.1.2 dev b weight 1 nexthop via 1.1.1.3 dev c weight 1\n11.0.0.0/8 nexthop via 1.1.1.1 dev a weight 1 dead\ndefault dev d\n',
    [
      ['10.0.0.1', '10.0.0.0/8 by b,c'],
      ['10.0.0.1', '10.0.0.0/8 by c', { outDevice: 'c' }],
      ['11.0.0.1', '0.0.0.0/0 by d'],
    ],
  );
  table(
    'bound to a device, another one’s routes are passed by',
    '10.0.0.0/8 dev a\n10.0.0.0/8 dev b metric 9\ndefault dev c\n',
    [
      ['10.0.0.1', '10.0.0.0/8 by b', { outDevice: 'b' }],
      ['10.0.0.1', '0.0.0.0/0 by c', { outDevice: 'c' }],
      ['10.0.0.1', 'none', { outDevice: 'd' }],
      // Without being bound it is the first.
      ['10.0.0.1', '10.0.0.0/8 by a', { preferred: 'b' }],
    ],
  );
  table(
    'a route without a device is taken, whatever is asked for',
    'local 10.0.0.1 table local\n',
    [
      ['10.0.0.1', 'local 10.0.0.1/32'],
      ['10.0.0.1', 'local 10.0.0.1/32', { outDevice: 'a' }],
    ],
  );
  for (const type of ['blackhole', 'unreachable', 'prohibit', 'throw']) {
    table(
      'a refusing route is an answer, for whatever device',
      `${type} 10.0.0.0/8\ndefault dev a\n`,
      [
        ['10.0.0.1', `${type} 10.0.0.0/8`],
        ['10.0.0.1', `${type} 10.0.0.0/8`, { outDevice: 'a' }],
      ],
    );
  }
});

suite('the tables of a node', () => {
  const routes = `default dev a
10.0.0.0/8 dev b table 100
local 10.0.0.1 dev lo table local
11.0.0.0/8 dev c table default
12.0.0.0/8 dev d table 100
13.0.0.0/8 dev e table 7
`;
  test('local and main are one, others are their own', () => {
    const asked = (to: string, name?: string) =>
      found(routes, to, {}, (tables) => (name === undefined ? tables.merged : tables.table(name)));
    assert.equal(asked('10.0.0.1'), '10.0.0.1/32 by lo');
    assert.equal(asked('10.0.0.2'), '0.0.0.0/0 by a');
    assert.equal(asked('11.0.0.2'), '0.0.0.0/0 by a');
    assert.equal(asked('10.0.0.1', 'main'), '0.0.0.0/0 by a');
    assert.equal(asked('10.0.0.2', 'local'), 'none');
    assert.equal(asked('10.0.0.2', '100'), '10.0.0.0/8 by b');
    assert.equal(asked('11.0.0.2', 'default'), '11.0.0.0/8 by c');
    assert.equal(asked('10.0.0.2', 'gone'), 'none');
  });

  const read = (text: string, family: 4 | 6 = 4) =>
    tablesOf(parseIpRoute(text, 'routes', { family: 4 }).value, family);

  test('those that only somebody’s own routing rules lead to, each once', () => {
    assert.deepEqual(read(routes).others, ['100', '7']);
    assert.deepEqual(read('default dev a\n').others, []);
  });

  test('a family is known by a route of any table, main by one of its own', () => {
    const { known, knowsMain } = read(routes);
    assert.deepEqual([known, knowsMain], [true, true]);
    const local = read('local 10.0.0.1 dev lo table local\n');
    assert.deepEqual([local.known, local.knowsMain], [true, false]);
    const other = read(routes, 6);
    assert.deepEqual([other.known, other.knowsMain], [false, false]);
  });

  test('realms', () => {
    assert.equal(read('default dev a realms 5\n').hasRealms, true);
    assert.equal(read('default dev a\n').hasRealms, false);
  });
});

suite('a table of IPv6, asked as a match does (rt6_device_match)', () => {
  const interfaces = parseIpAddress(
    '2: eth0: <UP>\n    inet6 fe80::10/64 scope link\n3: eth1: <UP>\n    inet6 fe80::20/64 scope link\n',
    'addresses',
  ).value;
  const two =
    'fd00::/64 dev eth0 metric 100\nfd00::/64 dev eth1 metric 200\nfd00::/32 dev eth2 metric 1\n';
  const asked = (key: Partial<RouteKey>, routes = two) =>
    found(routes, 'fd00::9', { deviceMatch: true, ...key }, ({ table: named }) => named('main'), {
      interfaces,
    });

  test('a route by the device, whatever its metric; else the first, or if insisted on another prefix', () => {
    assert.equal(asked({ outDevice: 'eth1' }), 'fd00::/64 by eth1');
    assert.equal(asked({ outDevice: 'eth0' }), 'fd00::/64 by eth0');
    assert.equal(asked({ outDevice: 'eth2' }), 'fd00::/64 by eth0');
    assert.equal(asked({ outDevice: 'eth2', strict: true }), 'fd00::/32 by eth2');
    assert.equal(asked({ outDevice: 'eth9', strict: true }), 'none');
    assert.equal(asked({}), 'fd00::/64 by eth0');
  });

  test('without a device that of a source of the link, which is one device’s alone', () => {
    assert.equal(asked({ source: at('fe80::20') }), 'fd00::/64 by eth1');
    assert.equal(asked({ source: at('fe80::99') }), 'fd00::/64 by eth0');
    assert.equal(asked({ source: at('fd00::20') }), 'fd00::/64 by eth0');
  });

  test('a next hop that is dead is none; where the first has none left, another prefix is asked', () => {
    const dead = two.replace('eth0 metric 100', 'eth0 metric 100 dead');
    assert.equal(asked({}, dead), 'fd00::/64 by eth1');
    const hops =
      'fd00::/64 metric 100 nexthop via fe80::1 dev eth0 weight 1 dead nexthop via fe80::2 dev eth1 weight 1\n';
    assert.equal(asked({}, hops), 'fd00::/64 by eth1');
    assert.equal(asked({ outDevice: 'eth0' }, hops), 'fd00::/64 by eth1');
  });
});

suite('a table of IPv6, of one metric rather by the device (find_rr_leaf)', () => {
  table(
    'of the same metric alone',
    'fd00::/64 dev a metric 100\nfd00::/64 dev b metric 100\nfd00::/64 dev c metric 200\n',
    [
      ['fd00::9', 'fd00::/64 by a'],
      ['fd00::9', 'fd00::/64 by b', { preferred: 'b' }],
      ['fd00::9', 'fd00::/64 by a', { preferred: 'c' }],
      ['fd00::9', 'fd00::/64 by b', { outDevice: 'b', preferred: 'a' }],
      ['fd00::9', 'fd00::/64 by c', { outDevice: 'c', strict: true }],
      ['fd00::9', 'fd00::/64 by c', { preferred: 'c', strict: true }],
      // A traffic class is nothing that a table of IPv6 asks for.
      ['fd00::9', 'fd00::/64 by a', { tos: 0x10 }],
    ],
    ({ table: named }) => named('main'),
  );
});
