import assert from 'node:assert/strict';
import { formatNetwork, parseAddress } from '../../../../src/core/address';
import type { NodeState } from '../../../../src/core/node';
import type { Packet } from '../../../../src/core/packet';
import {
  isRefusedByLoopback,
  knowsRoutes,
  lookUp,
  otherTable,
} from '../../../../src/core/trace/route/fib';
import { tablesOf } from '../../../../src/core/trace/route/fibTables';
import { leaves } from '../../../../src/core/trace/leaves';
import type { RouteKey } from '../../../../src/core/trace/route/routeKey';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { parseIpRoute } from '../../../../src/syntax/ip/route';
import { parseIpRule } from '../../../../src/syntax/ip/rule';
import { node6 } from '../helper';

const at = (text: string) => parseAddress(text)!;
const addresses = `1: lo: <LOOPBACK,UP> mtu 65536
    inet6 ::1/128 scope host
2: eth0: <UP> mtu 1500
    inet6 fd00:1::10/64 scope global
    inet6 fe80::10/64 scope link
3: eth1: <UP> mtu 1500
    inet6 fd00:2::10/64 scope global
    inet6 fe80::20/64 scope link
`;
const own = `fd00:1::/64 dev eth0 proto kernel metric 256
fd00:2::/64 dev eth1 proto kernel metric 256
local ::1 dev lo table local proto kernel metric 0
local fd00:1::10 dev eth0 table local proto kernel metric 0
local fd00:2::10 dev eth1 table local proto kernel metric 0
fe80::/64 dev eth0 proto kernel metric 256
fe80::/64 dev eth1 proto kernel metric 256
`;

function nodeOf(routes: string, more: Partial<NodeState> = {}): NodeState {
  return node6(addresses, routes, more);
}

/** `fd00::/16 by eth0`, or the error. */
function found(routes: string, to: string, key: Partial<RouteKey> = {}): string {
  const way = lookUp(nodeOf(own + routes), { destination: at(to), mark: 0, ...key });
  if (way.kind !== 'route') return way.kind === 'none' ? way.error : way.kind;
  const { destination } = way.route;
  return `${formatNetwork(destination)} by ${way.hops.map(({ device }) => device).join()}`;
}

suite('the route of IPv6', () => {
  test('the longest prefix, in each part of the address', () => {
    const routes = `default via fd00:1::1 dev eth0 metric 1024
2001:db8::/31 via fd00:1::1 dev eth0 metric 1024
2001:db8::/33 via fd00:2::1 dev eth1 metric 1024
2001:db8::/64 via fd00:1::1 dev eth0 metric 1024
2001:db8::/65 via fd00:2::1 dev eth1 metric 1024
2001:db8::1 via fd00:1::1 dev eth0 metric 1024
`;
    assert.equal(found(routes, '2001:db8::1'), '2001:db8::1/128 by eth0');
    assert.equal(found(routes, '2001:db8::2'), '2001:db8::/65 by eth1');
    assert.equal(found(routes, '2001:db8::8000:0:0:1'), '2001:db8::/64 by eth0');
    assert.equal(found(routes, '2001:db8:0:1::1'), '2001:db8::/33 by eth1');
    assert.equal(found(routes, '2001:db8:8000::1'), '2001:db8::/31 by eth0');
    assert.equal(found(routes, '2001:db9::1'), '2001:db8::/31 by eth0');
    assert.equal(found(routes, '2001:dba::1'), '::/0 by eth0');
  });

  test('of one prefix the lower metric; of one metric rather that by the device asked for', () => {
    const two = (first: number, second: number) =>
      `default via fd00:1::1 dev eth0 metric ${first}\ndefault via fd00:2::1 dev eth1 metric ${second}\n`;
    assert.equal(found(two(100, 200), '2001:db8::1'), '::/0 by eth0');
    assert.equal(found(two(200, 100), '2001:db8::1'), '::/0 by eth1');
    assert.equal(found(two(100, 100), '2001:db8::1'), '::/0 by eth0');
    assert.equal(found(two(100, 100), '2001:db8::1', { outDevice: 'eth1' }), '::/0 by eth1');
    assert.equal(found(two(100, 100), '2001:db8::1', { preferred: 'eth1' }), '::/0 by eth1');
    // But not one with a higher metric, unless it is insisted on.
    assert.equal(found(two(100, 200), '2001:db8::1', { outDevice: 'eth1' }), '::/0 by eth0');
    assert.equal(
      found(two(100, 200), '2001:db8::1', { outDevice: 'eth1', strict: true }),
      '::/0 by eth1',
    );
  });

  test('of link-local addresses that of the device', () => {
    assert.equal(found('', 'fe80::9', { outDevice: 'eth1', strict: true }), 'fe80::/64 by eth1');
    assert.equal(found('', 'fe80::9', { outDevice: 'eth0', strict: true }), 'fe80::/64 by eth0');
    assert.equal(found('', 'fe80::9', { outDevice: 'eth9', strict: true }), 'ENETUNREACH');
  });

  test('table local before main; the node’s own rules know no table default', () => {
    assert.equal(found('', 'fd00:1::10'), 'fd00:1::10/128 by eth0');
    assert.equal(
      found('default via fd00:2::1 dev eth1 table default metric 1\n', '2001:db8::1'),
      'ENETUNREACH',
    );
    assert.equal(found('', '2001:db8::1'), 'ENETUNREACH');
  });

  for (const [type, error] of [
    ['unreachable', 'EHOSTUNREACH'],
    ['prohibit', 'EACCES'],
    ['blackhole', 'EINVAL'],
    ['throw', 'ENETUNREACH'],
  ] as const) {
    test(`a route that is ${type}: ${error}`, () => {
      const routes = `${type} 2001:db8::/32 dev lo metric 1024\ndefault via fd00:1::1 dev eth0 metric 1024\n`;
      assert.equal(found(routes, '2001:db8::1'), error);
    });
  }

  test('without a route of main it is open whether one leads there', () => {
    const local = 'local fd00:1::10 dev eth0 table local proto kernel metric 0\n';
    const key = { destination: at('2001:db8::1'), mark: 0 };
    assert.equal(lookUp(nodeOf(local), key).kind, 'open');
    assert.equal(lookUp(nodeOf(own), key).kind, 'none');
    assert.ok(knowsRoutes(nodeOf(own), 6) && !knowsRoutes(nodeOf(own), 4));
    assert.ok(!knowsRoutes(nodeOf(own, { routes: undefined }), 6));
  });

  test('a route for a source only for packets of it, the narrowest first', () => {
    const routes = `default via fd00:1::1 dev eth0 metric 1024
default from fd00:2::/64 via fd00:2::1 dev eth1 metric 1024
`;
    const from = (source: string) => found(routes, '2001:db8::1', { source: at(source) });
    assert.equal(from('fd00:2::7'), '::/0 by eth1');
    assert.equal(from('fd00:1::7'), '::/0 by eth0');
    assert.equal(found(routes, '2001:db8::1'), '::/0 by eth0');
    const narrow = `${routes}default from fd00:2::/96 via fd00:1::2 dev eth0 metric 1024\n`;
    assert.equal(found(narrow, '2001:db8::1', { source: at('fd00:2::7') }), '::/0 by eth0');
    assert.equal(found(narrow, '2001:db8::1', { source: at('fd00:2:0:0:1::7') }), '::/0 by eth1');
  });

  test('where the search begins, a prefix with routes for other sources is passed by', () => {
    const routes = `default via fd00:1::1 dev eth0 metric 1024
2001:db8::/32 from fd00:9::/64 via fd00:2::1 dev eth1 metric 1024
2001:db8::/32 via fd00:2::2 dev eth1 metric 1024
`;
    assert.equal(found(routes, '2001:db8::1', { source: at('fd00:1::7') }), '::/0 by eth0');
    assert.equal(
      found(routes, '2001:db8::1', { source: at('fd00:9::7') }),
      '2001:db8::/32 by eth1',
    );
  });

  test('where it goes on, those for all are left (fib6_backtrack)', () => {
    const routes = `2001:db8::/33 via fd00:1::1 dev eth0 metric 1024
2001:db8::/32 from fd00:9::/64 via fd00:2::1 dev eth1 metric 1024
2001:db8::/32 via fd00:2::2 dev eth1 metric 1024
`;
    const key = { source: at('fd00:1::7'), outDevice: 'eth1', strict: true };
    assert.equal(found(routes, '2001:db8::1', key), '2001:db8::/32 by eth1');
  });

  test('another table that would answer is named where no dump tells the rules', () => {
    const key = { destination: at('2001:db8::1'), mark: 0 };
    const routes = `${own}default via fd00:2::1 dev eth1 table 100 metric 1024\n`;
    assert.equal(otherTable(nodeOf(routes), key), '100');
    assert.equal(otherTable(nodeOf(routes), { ...key, destination: at('fd00:1::10') }), undefined);
    assert.equal(otherTable(nodeOf(own), key), undefined);
    const rules = (text: string, family: 4 | 6) => ({
      routingRules: parseIpRule(text, 'rules').value.map((rule) => ({ ...rule, family })),
    });
    const plain = '32766: from all lookup main\n';
    assert.equal(otherTable(nodeOf(routes, rules(plain, 6)), key), undefined);
    assert.equal(otherTable(nodeOf(routes, rules(plain, 4)), key), '100');
  });

  test('by the loopback device it is a refusal, but for the kernel’s own', () => {
    const refused = (line: string) => {
      const [route] = parseIpRoute(line, 'routes', { family: 6 }).value;
      return isRefusedByLoopback(route!, route!.nextHops);
    };
    assert.ok(refused('fd00:5::1 dev lo proto kernel metric 256\n'));
    assert.ok(!refused('::1 dev lo proto kernel metric 256\n'));
    assert.ok(!refused('fd00:5::1 dev eth0 proto kernel metric 256\n'));
    assert.ok(refused('anycast fd00:5::1 dev lo table local metric 0\n'));
    assert.ok(!refused('anycast fd00:5::1 dev lo table local proto kernel metric 0\n'));
    assert.ok(!refused('local fd00:5::1 dev lo table local metric 0\n'));
  });
});

suite('what the tables of IPv4 say of local addresses', () => {
  const hasOwn = (line: string) => tablesOf(parseIpRoute(line, 'routes').value, 4).hasOwnLocal;

  test('somebody’s own are local routes of any table that the kernel did not put there', () => {
    assert.ok(hasOwn('local 10.1.1.1 dev lo table local proto static\n'));
    assert.ok(!hasOwn('local 10.1.1.1 dev lo table local proto kernel\n'));
    assert.ok(!hasOwn('local 10.1.1.1 dev lo table local\n'));
    assert.ok(!hasOwn('broadcast 10.1.1.255 dev eth0 table local proto static\n'));
    assert.ok(hasOwn('local 10.1.1.1 dev lo table 100 proto static\n'));
    assert.ok(
      hasOwn('local 127.0.0.1 dev lo proto kernel\nlocal default dev lo table 100 scope host\n'),
    );
  });
});

suite('what IPv6 sends on', () => {
  const uplink = 'default via fd00:2::1 dev eth1 metric 1024\n';
  const web: Packet = {
    protocol: 6,
    source: at('fd00:1::77'),
    sourcePort: 40000,
    destination: at('2001:db8::1'),
    destinationPort: 80,
    inInterface: 'eth0',
  };
  const end = (
    more: Partial<Packet>,
    sysctls: Readonly<Record<string, string>> = {},
    routes = uplink,
  ) => {
    const node = nodeOf(own + routes, { sysctls: new Map(Object.entries(sysctls)) });
    const [way, ...others] = leaves(traceFlow(node, { ...web, ...more }).path);
    assert.equal(others.length, 0);
    const { kind, delivered, reason, reply } = way!.verdict;
    return kind === 'ACCEPT' ? delivered : [reason, reply].filter(Boolean).join(' ');
  };

  test('by the route, with forwarding', () => {
    assert.equal(end({}), 'eth1');
    assert.equal(end({}, { 'net.ipv6.conf.all.forwarding': '1' }), 'eth1');
    assert.match(end({}, { 'net.ipv6.conf.all.forwarding': '0' }) ?? '', /forwarding is off/);
    assert.equal(end({ destination: at('fd00:2::10') }), 'local');
  });

  test('no packet of a link to another, nor one without a source', () => {
    assert.match(
      end({ source: at('fe80::7') }) ?? '',
      /of the link of eth0 alone icmp6-beyond-scope/,
    );
    assert.match(end({ source: at('::') }) ?? '', /is no source that is sent on/);
    assert.equal(end({ source: at('fe80::7'), destination: at('fd00:1::88') }), 'eth0');
    assert.match(end({ ttl: 1 }) ?? '', /TTL ends here icmp6-time-exceeded/);
    assert.equal(end({ ttl: 2 }), 'eth1');
  });

  test('an address of the link by the link that it came by, whatever the metric (rt6_need_strict)', () => {
    const routes =
      'fe80::/64 dev eth1 metric 100\n2001:db8::/64 dev eth1 metric 100\n2001:db8::/64 dev eth0 metric 256\n';
    const from = { source: at('fe80::7') };
    assert.equal(end({ ...from, destination: at('fe80::9') }, {}, routes), 'eth0');
    // Others by the better route.
    assert.equal(end({ destination: at('2001:db8::1') }, {}, routes), 'eth1');
  });

  test('a group only where the device listens to it', () => {
    assert.equal(end({ destination: at('ff02::1') }), 'local');
    const groups = new Map([['eth0', [at('ff05::5')]]]);
    const node = nodeOf(own, { groups });
    const to = (group: string) =>
      leaves(traceFlow(node, { ...web, destination: at(group) }).path).map(
        ({ verdict }) => verdict.delivered ?? verdict.reason,
      );
    assert.deepEqual(to('ff05::5'), ['local']);
    assert.deepEqual(to('ff05::6'), ['nobody on eth0 listens to ff05::6']);
    // That of the node's own address, which the kernel joins.
    assert.deepEqual(to('ff02::1:ff00:10'), ['local']);
    assert.deepEqual(to('ff02::1:ff00:20'), ['nobody on eth0 listens to ff02::1:ff00:20']);
  });

  test('of the node itself: to itself over lo, else by the route', () => {
    const sent = { inInterface: undefined, source: at('fd00:1::10') };
    assert.equal(end(sent), 'eth1');
    assert.equal(end({ ...sent, destination: at('fd00:2::10') }), 'local');
    assert.match(end(sent, {}, '') ?? '', /no route matches/);
    // ip6_dst_lookup_tail: without a source first, then with the one that it would take.
    const from = (network: string) =>
      `default from ${network} via fd00:1::1 dev eth0 metric 1024\n`;
    assert.equal(end({ ...sent, source: at('::') }, {}, from('fd00:1::/64')), 'eth0');
    assert.match(end({ ...sent, source: at('::') }, {}, from('fd00:9::/64')) ?? '', /no route/);
    assert.equal(end({ ...sent, destination: at('fe80::9'), boundDevice: 'eth1' }), 'eth1');
  });
});
