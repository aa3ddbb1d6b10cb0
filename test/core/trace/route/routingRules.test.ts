import assert from 'node:assert/strict';
import type { Packet } from '../../../../src/core/packet';
import { customRules } from '../../../../src/core/trace/route/fib';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { parseIpRule } from '../../../../src/syntax/ip/rule';
import { node, packet, type Dumps } from '../helper';

const addresses = `1: lo: <LOOPBACK,UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: eth0: <UP> mtu 1500 group default
    inet 192.168.50.10/24 brd 192.168.50.255 scope global eth0
3: eth1: <UP> mtu 1500 group 7
    inet 192.168.60.10/24 scope global eth1
`;
const routes = `default via 192.168.50.1 dev eth0
default via 192.168.60.1 dev eth1 table 100
192.168.50.0/24 dev eth0 proto kernel scope link src 192.168.50.10
192.168.60.0/24 dev eth1 proto kernel scope link src 192.168.60.10
local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1
local 192.168.50.10 dev eth0 table local proto kernel scope host src 192.168.50.10
local 192.168.60.10 dev eth1 table local proto kernel scope host src 192.168.60.10
broadcast 192.168.50.255 dev eth0 table local proto kernel scope link src 192.168.50.10
`;
const standard = '32766: from all lookup main\n32767: from all lookup default\n';
const own = packet('tcp 192.168.50.10:40000 > 8.8.8.8:80');

/** Where each way leaves, or its error. */
function by(dumps: Dumps, of: Packet): string {
  const state = node({ addresses, routes, ...dumps });
  const ends = leaves(traceFlow(state, of).path).map(({ verdict }) => {
    const { kind, delivered, reason } = verdict;
    return kind === 'ACCEPT' ? delivered! : `${kind} ${reason}`;
  });
  return [...new Set(ends)].toSorted().join(' or ');
}

const ruled = (rules: string, of: Packet = own) =>
  by({ routingRules: `0: from all lookup local\n${rules}${standard}` }, of);

suite('what a routing rule asks (fib_rule_match)', () => {
  const cases: readonly (readonly [rule: string, by: string, more?: Partial<Packet>])[] = [
    ['from all', 'eth1'],
    ['from 192.168.50.0/24', 'eth1'],
    ['from 192.168.60.0/24', 'eth0'],
    ['not from 192.168.50.0/24', 'eth0'],
    ['not from 192.168.60.0/24', 'eth1'],
    ['from all to 8.8.8.0/24', 'eth1'],
    ['from all to 9.0.0.0/8', 'eth0'],
    ['from 192.168.50.0/24 to 9.0.0.0/8', 'eth0'],
    // What a node sends comes in by lo.
    ['from all iif lo', 'eth1'],
    ['from all iif eth1', 'eth0'],
    ['from all oif eth1', 'eth0'],
    ['from all oif eth1', 'eth1', { boundDevice: 'eth1' }],
    ['from all ipproto tcp', 'eth1'],
    ['from all ipproto udp', 'eth0'],
    ['from all sport 40000', 'eth1'],
    ['from all sport 39999-40000', 'eth1'],
    ['from all sport 40001-40002', 'eth0'],
    ['from all sport 1-39999', 'eth0'],
    ['from all dport 80', 'eth1'],
    ['from all dport 79-80', 'eth1'],
    ['from all dport 80-81', 'eth1'],
    ['from all dport 81-90', 'eth0'],
    ['from all dport 1-79', 'eth0'],
    ['from all tos 0x10', 'eth1', { tos: 0x10 }],
    ['from all tos 0x10', 'eth0', { tos: 0 }],
    ['from all uidrange 0-999', 'eth1', { owner: { uid: 0, gid: 0 } }],
    ['from all uidrange 0-999', 'eth1', { owner: { uid: 999, gid: 0 } }],
    ['from all uidrange 0-999', 'eth0', { owner: { uid: 1000, gid: 0 } }],
    ['from all uidrange 1000-1001', 'eth0', { owner: { uid: 999, gid: 0 } }],
    ['from all uidrange 0-999', 'eth0 or eth1'],
    ['from all uidrange 0-4294967295', 'eth1'],
    // Only what came by a tunnel has such a key.
    ['from all tun_id 5', 'eth0'],
    ['from all frobnicate 7', 'eth0 or eth1'],
  ];
  for (const [rule, wanted, more] of cases) {
    test(`${rule}${more ? `, ${JSON.stringify(more)}` : ''}: ${wanted}`, () => {
      assert.equal(ruled(`50: ${rule} lookup 100\n`, { ...own, ...more }), wanted);
    });
  }

  test('without a source the device’s own one is taken later: `from` asks for none', () => {
    const answer = { ...own, answers: 'from the route' } as const;
    assert.equal(ruled('50: from 192.168.50.0/24 lookup 100\n', answer), 'eth0');
  });
});

suite('what a routing rule does', () => {
  for (const [title, rules, wanted] of [
    [
      'goto passes the rules between by',
      '50: from all goto 70\n60: from all lookup 100\n70: from all lookup main\n',
      'eth0',
    ],
    [
      'goto to a rule that leads elsewhere',
      '50: from all goto 70\n60: from all lookup main\n70: from all lookup 100\n',
      'eth1',
    ],
    [
      'goto that does not hold',
      '50: from 10.0.0.0/8 goto 70\n60: from all lookup 100\n70: from all lookup main\n',
      'eth1',
    ],
    [
      'goto without a target is passed by',
      '50: from all goto 55\n60: from all lookup 100\n',
      'eth1',
    ],
    [
      'goto to a priority of several rules: the first of them',
      '50: from all goto 70\n60: from all lookup main\n70: from all lookup 100\n70: from all lookup main\n',
      'eth1',
    ],
    [
      'goto back is passed by',
      '50: from all nop\n60: from all goto 50\n70: from all lookup 100\n',
      'eth1',
    ],
    ['nop goes on', '50: from all nop\n60: from all lookup 100\n', 'eth1'],
    ['a table without a route there goes on', '50: from all lookup 200\n', 'eth0'],
    [
      'rules go by their priority, however they are listed',
      '60: from all lookup main\n50: from all lookup 100\n',
      'eth1',
    ],
  ] as const) {
    test(title, () => assert.equal(ruled(rules), wanted));
  }

  for (const [action, error] of [
    ['unreachable', 'ENETUNREACH'],
    ['prohibit', 'EACCES'],
    ['blackhole', 'EINVAL'],
  ] as const) {
    test(`${action} is told as ${error}`, () => {
      const state = node({
        addresses,
        routes,
        routingRules: `0: from all lookup local\n50: from all ${action}\n${standard}`,
      });
      const [way] = leaves(traceFlow(state, own).path);
      assert.deepEqual([way!.verdict.kind, way!.verdict.reply], ['LOST', error]);
    });
  }

  test('suppress_ifgroup: a route by a device of that group is none', () => {
    const rule = (group: string) => `50: from all lookup 100 suppress_ifgroup ${group}\n`;
    assert.equal(ruled(rule('7')), 'eth0');
    assert.equal(ruled(rule('8')), 'eth1');
  });
});

suite('routes that can’t be taken', () => {
  const other = 'default via 192.168.60.1 dev eth1 metric 100\n';
  const instead = (route: string) =>
    by({ routes: `${routes.replace(/^default.*\n/gm, '')}${route}\n${other}` }, own);

  test('without a carrier only those that the kernel dumps as dead', () => {
    assert.equal(instead('default via 192.168.50.1 dev eth0 linkdown'), 'eth0');
    assert.equal(instead('default via 192.168.50.1 dev eth0 dead linkdown'), 'eth1');
  });

  test('of several next hops the ones that are alive', () => {
    const hops = (first: string, second: string) =>
      `default\n\tnexthop via 192.168.50.1 dev eth0 weight 1${first}\n\tnexthop via 192.168.60.1 dev eth1 weight 1${second}`;
    assert.equal(instead(hops('', ' dead linkdown')), 'eth0');
    assert.equal(instead(hops(' dead linkdown', '')), 'eth1');
    assert.equal(instead(hops('', '')), 'eth0 or eth1');
  });

  test('a bound socket takes one by its device, or the link without any', () => {
    const bound = { ...own, boundDevice: 'eth1' };
    assert.equal(by({}, bound), 'eth1');
    assert.equal(by({}, { ...own, boundDevice: 'eth0' }), 'eth0');
  });
});

suite('addresses that no packet may have (ip_route_input_slow)', () => {
  const inBy = (text: string, dumps: Dumps = {}) => by(dumps, packet(text));
  for (const [text, wanted] of [
    ['tcp 224.0.0.5:1 > 8.8.8.8:80 eth0', /^LOST .*martian/],
    ['tcp 255.255.255.255:1 > 8.8.8.8:80 eth0', /^LOST .*martian/],
    ['tcp 0.0.0.0:1 > 8.8.8.8:80 eth0', /^LOST .*martian/],
    ['tcp 192.168.50.11:1 > 0.0.0.0:80 eth0', /^LOST .*martian/],
    ['udp 0.0.0.0:68 > 255.255.255.255:67 eth0', /^local$/],
    ['udp 0.0.0.0:68 > 0.0.0.0:67 eth0', /^local$/],
    ['tcp 127.0.0.1:1 > 8.8.8.8:80 eth0', /^LOST .*route_localnet/],
    ['tcp 192.168.50.11:1 > 127.0.0.1:80 eth0', /^LOST .*route_localnet/],
    ['udp 192.168.50.11:1 > 192.168.50.255:80 eth0', /^local$/],
    ['udp 224.0.0.5:1 > 224.0.0.1:80 eth0', /^LOST .*martian/],
    ['udp 192.168.50.11:1 > 224.0.0.1:80 eth0', /^local$/],
    ['udp 192.168.50.11:1 > 224.9.9.9:80 eth0', /^(?!local$)/],
  ] as const) {
    test(text, () => assert.match(inBy(text), wanted));
  }

  test('127.0.0.1 from outside with route_localnet', () => {
    const sysctls = { 'net.ipv4.conf.eth0.route_localnet': '1' };
    assert.equal(inBy('tcp 192.168.50.11:1 > 127.0.0.1:80 eth0', { sysctls }), 'local');
  });

  test('without forwarding only what is for the node itself', () => {
    const sysctls = { 'net.ipv4.ip_forward': '0' };
    assert.match(
      inBy('tcp 192.168.50.11:1 > 8.8.8.8:80 eth0', { sysctls }),
      /^LOST .*forwarding is off/,
    );
    assert.equal(inBy('tcp 192.168.50.11:1 > 192.168.50.10:80 eth0', { sysctls }), 'local');
    const own = { ...sysctls, 'net.ipv4.conf.eth0.forwarding': '1' };
    assert.equal(inBy('tcp 192.168.50.11:1 > 8.8.8.8:80 eth0', { sysctls: own }), 'eth0');
  });

  for (const [text, wanted] of [
    ['tcp 224.0.0.5:1 > 8.8.8.8:80', /^LOST .*cannot be a source/],
    ['tcp 0.0.0.0:1 > 8.8.8.8:80', /^LOST .*cannot be a source/],
    ['tcp 127.0.0.1:1 > 8.8.8.8:80', /^LOST .*may not leave by eth0/],
    ['tcp 192.168.50.10:1 > 192.168.60.10:80', /^local$/],
    ['tcp 127.0.0.1:1 > 127.0.0.1:80', /^local$/],
    ['tcp 192.168.50.10:1 > 0.0.0.0:80', /^local$/],
    ['udp 192.168.50.10:1 > 192.168.50.255:80', /^LOST .*SO_BROADCAST/],
  ] as const) {
    test(`of the node itself: ${text}`, () => assert.match(by({}, packet(text)), wanted));
  }
});

suite('which routing rules are the kernel’s own', () => {
  const isOwn = (text: string, family: 4 | 6 = 4) =>
    customRules(
      parseIpRule(text, 'rules').value.map((rule) => ({ ...rule, family })),
      family,
    ) === undefined;
  const kernel = '0: from all lookup local\n32766: from all lookup main\n';

  test('those of local, main and of IPv4 default, at their priorities', () => {
    assert.ok(isOwn(`${kernel}32767: from all lookup default\n`));
    assert.ok(isOwn(kernel, 6));
    assert.ok(!isOwn(`${kernel}32767: from all lookup default\n`, 6));
    assert.ok(!isOwn('0: from all lookup local\n100: from all lookup main\n'));
    assert.ok(!isOwn(`${kernel}100: from all lookup 7\n`));
    assert.ok(!isOwn(`${kernel}100: from all unreachable\n`));
  });

  test('as long as they ask for nothing', () => {
    for (const asked of [
      ...['from 10.0.0.0/8', 'from all to 10.0.0.0/8', 'from all fwmark 0x1', 'from all iif eth0'],
      ...['from all oif eth0', 'from all tos 0x10', 'from all uidrange 0-1', 'not from all'],
      ...['from all ipproto tcp', 'from all sport 1', 'from all dport 2', 'from all tun_id 5'],
    ]) {
      assert.ok(!isOwn(kernel.replace('32766: from all', `32766: ${asked}`)), asked);
    }
    for (const more of ['suppress_prefixlength 0', 'suppress_ifgroup 1']) {
      assert.ok(!isOwn(kernel.replace('main\n', `main ${more}\n`)), more);
    }
  });

  test('without a dump, and of another family, there are no others', () => {
    assert.equal(customRules(undefined, 4), undefined);
    const four = parseIpRule(`${kernel}100: from all lookup 7\n`, 'rules').value;
    assert.equal(customRules(four, 6), undefined);
  });
});
