import assert from 'node:assert/strict';
import { formatAddress, parseAddress } from '../../../../src/core/address';
import type { NodeState } from '../../../../src/core/node';
import { protocolNumbers } from '../../../../src/core/packet';
import type { Packet } from '../../../../src/core/packet';
import { leaves } from '../../../../src/core/trace/leaves';
import { replyTo } from '../../../../src/core/trace/followUp';
import { sourceAddress6 } from '../../../../src/core/trace/route/sourceAddress6';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { parseIpAddress } from '../../../../src/syntax/ip/address';
import { parseIpRoute } from '../../../../src/syntax/ip/route';
import { parseIpRule } from '../../../../src/syntax/ip/rule';

const devices = `1: lo: <LOOPBACK,UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,UP> mtu 1500
    inet 192.168.50.10/24 scope global eth0
3: wg0: <POINTOPOINT,UP> mtu 1420
    inet 10.6.0.2/24 scope global wg0
`;

const routes = `default via 192.168.50.1 dev eth0
192.168.50.0/24 dev eth0 proto kernel scope link src 192.168.50.10
local 192.168.50.10 dev eth0 table local
local 10.6.0.2 dev wg0 table local
`;

const standard = '32766: from all lookup main\n32767: from all lookup default\n';

function nodeWith(rules: string, more = '', sysctls: Record<string, string> = {}): NodeState {
  return {
    name: 'node',
    rulesets: [],
    interfaces: parseIpAddress(devices, 'addr').value,
    routes: parseIpRoute(routes + more, 'route').value,
    routingRules: parseIpRule(`0: from all lookup local\n${rules}${standard}`, 'rule').value,
    sysctls: new Map(
      Object.entries({
        'net.ipv4.ip_forward': '1',
        'net.ipv4.conf.all.rp_filter': '0',
        'net.ipv4.conf.eth0.rp_filter': '0',
        'net.ipv4.conf.wg0.rp_filter': '0',
        ...sysctls,
      }),
    ),
    findings: [],
  };
}

function packet(source: string, destination: string, more: Partial<Packet> = {}): Packet {
  return {
    protocol: protocolNumbers.udp,
    source: parseAddress(source)!,
    destination: parseAddress(destination)!,
    sourcePort: 40000,
    destinationPort: 53,
    ...more,
  };
}

function ends(node: NodeState, sent: Packet, mark = 0): readonly (string | undefined)[] {
  const { path } = traceFlow(node, sent, { mark });
  return leaves(path).map(({ verdict }) => verdict.delivered ?? verdict.reason);
}

suite('routing rules', () => {
  const wireguard =
    '32764: from all lookup main suppress_prefixlength 0\n' +
    '32765: not from all fwmark 0xca6c lookup 51820\n';
  const table = 'default dev wg0 table 51820\n';

  test('of wg-quick: all but the tunnel itself goes into it, what main knows better does not', () => {
    const node = nodeWith(wireguard, table);
    const from = '192.168.50.10';
    assert.deepEqual(ends(node, packet(from, '8.8.8.8')), ['wg0']);
    assert.deepEqual(ends(node, packet(from, '8.8.8.8'), 0xca6c), ['eth0']);
    assert.deepEqual(ends(node, packet(from, '192.168.50.77')), ['eth0']);
  });

  test('a uid that is not known is a fork with its reason, a known one decides', () => {
    const node = nodeWith('100: from all uidrange 1000-1999 lookup 51820\n', table);
    assert.deepEqual(ends(node, packet('192.168.50.10', '8.8.8.8')).toSorted(), ['eth0', 'wg0']);
    const owned = packet('192.168.50.10', '8.8.8.8', { owner: { uid: 1000, gid: 0 } });
    assert.deepEqual(ends(node, owned), ['wg0']);
    const forwarded = packet('10.6.0.9', '8.8.8.8', { inInterface: 'wg0' });
    assert.deepEqual(ends(node, forwarded), ['eth0']);
  });

  test('without a dump of the rules, a table that would answer is named; where it can change nothing, it is not', () => {
    const assumed = (state: NodeState, sent: Packet) =>
      traceFlow(state, sent)
        .assumptions.map(({ text }) => text)
        .filter((text) => text.includes('routing rule'));
    const unknown = { ...nodeWith('', table), routingRules: undefined };
    const sent = packet('192.168.50.10', '8.8.8.8');
    const open = ['no routing rule leads to table 51820 (`ip rule` is missing)'];
    assert.deepEqual(assumed(unknown, sent), open);
    assert.deepEqual(assumed(nodeWith('', table), sent), []);
    assert.deepEqual(assumed({ ...nodeWith(''), routingRules: undefined }, sent), []);
    // Table local is asked before all others.
    assert.deepEqual(assumed(unknown, packet('192.168.50.10', '10.6.0.2')), []);
    const narrow = { ...nodeWith('', '9.9.9.9 dev wg0 table 51820\n'), routingRules: undefined };
    assert.deepEqual(assumed(narrow, sent), []);
  });

  test('an unreachable rule is told with another ICMP error than an unreachable route', () => {
    const sent = packet('10.6.0.9', '8.8.8.8', { inInterface: 'wg0' });
    const reply = (node: NodeState) => leaves(traceFlow(node, sent).path)[0]?.verdict.reply;
    assert.equal(reply(nodeWith('100: from all to 8.8.8.8 unreachable\n')), 'icmp-net-unreachable');
    assert.equal(reply(nodeWith('', 'unreachable 8.8.8.8\n')), 'icmp-host-unreachable');
  });
});

suite('l3mdev', () => {
  const unknownOf = (vrf: string, port: string) => {
    const state = nodeWith('1000:\tfrom all lookup [l3mdev-table]\n');
    const more = `9: red: <UP>\n${vrf}4: eth4: <UP> master red\n${port}`;
    const interfaces = parseIpAddress(devices + more, 'addr').value;
    const asked = packet('10.9.9.9', '8.8.8.8', { inInterface: 'eth4' });
    const { end } = traceFlow({ ...state, interfaces }, asked).path;
    return 'branches' in end ? (end.branches[0]?.unknown ?? '') : '';
  };

  test('a device of a VRF is named, one of a bridge is none', () => {
    assert.match(unknownOf('', ''), /eth4 may be in the VRF red \(ip -d link tells\)/);
    const port = '    bridge_slave state forwarding priority 32 cost 2 hairpin off guard off\n';
    assert.doesNotMatch(unknownOf('', port), /VRF/);
    assert.doesNotMatch(unknownOf('    bridge forward_delay 1500\n', ''), /VRF/);
  });
});

suite('rp_filter', () => {
  test('asks for the way back as of a packet that came in by the device it goes out by', () => {
    const node = nodeWith(
      '100: from all to 10.6.0.0/24 iif eth0 lookup 7\n',
      'default dev eth0 table 7\n',
      {
        'net.ipv4.conf.wg0.rp_filter': '1',
      },
    );
    const [end] = ends(node, packet('10.6.0.9', '8.8.8.8', { inInterface: 'wg0' }));
    assert.match(end ?? '', /rp_filter is 1 on wg0/);
  });
});

suite('rp_filter of what the node gets itself', () => {
  test('asks for the way back as from the address that was asked', () => {
    const rules = '100: from 192.168.50.10 lookup 7\n';
    const strict = { 'net.ipv4.conf.eth0.rp_filter': '1' };
    const asked = packet('192.168.50.77', '192.168.50.10', { inInterface: 'eth0' });
    const astray = nodeWith(rules, 'default dev wg0 table 7\n', strict);
    assert.match(ends(astray, asked)[0] ?? '', /rp_filter is 1 on eth0/);
    const back = nodeWith(rules, 'default dev eth0 table 7\n', strict);
    assert.deepEqual(ends(back, asked), ['local']);
  });
});

suite('a route with several next hops', () => {
  const hops =
    '9.9.9.0/24 nexthop via 192.168.50.2 dev eth0 weight 1 nexthop via 10.6.0.1 dev wg0 weight 3 ' +
    'nexthop via 10.6.0.7 dev wg0 weight 5 dead\n';

  test('is a branch for each that is alive, with the share of its weight', () => {
    const trace = traceFlow(nodeWith('', hops), packet('192.168.50.10', '9.9.9.9'));
    const found = leaves(trace.path).map(({ verdict, probability }) => [
      verdict.delivered,
      probability,
    ]);
    assert.deepEqual(found, [
      ['eth0', 0.25],
      ['wg0', 0.75],
    ]);
  });

  test('is kept by the later packets of the flow', () => {
    const node = nodeWith('', hops);
    const sent = packet('192.168.50.10', '9.9.9.9');
    for (const { verdict } of leaves(traceFlow(node, sent).path)) {
      assert.notEqual(replyTo(sent, verdict), undefined);
      const { path } = traceFlow(node, sent, { memory: verdict.after });
      assert.deepEqual(
        leaves(path).map((leaf) => leaf.verdict.delivered),
        [verdict.delivered],
      );
    }
  });
});

suite('the source of IPv6', () => {
  const addresses = `1: lo: <LOOPBACK,UP> mtu 65536
    inet6 ::1/128 scope host
2: eth0: <BROADCAST,UP> mtu 1500
    inet6 2001:db8:1::10/64 scope global
    inet6 fd00:50::10/64 scope global
    inet6 2001:db8:2::99/64 scope global deprecated
    inet6 fe80::10/64 scope link
3: cali1: <BROADCAST,UP> mtu 1500
    inet6 fe80::ee/64 scope link
`;
  const node: NodeState = {
    name: 'node',
    rulesets: [],
    interfaces: parseIpAddress(addresses, 'addr').value,
    findings: [],
  };
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['the label of fc00::/7', 'eth0', 'fd00:99::1', 'fd00:50::10'],
    ['the longer prefix', 'eth0', '2001:db8:1::77', '2001:db8:1::10'],
    ['no deprecated one, be its prefix longer', 'eth0', '2001:db8:2::1', '2001:db8:1::10'],
    ['the scope of a link-local destination', 'cali1', 'fe80::1', 'fe80::ee'],
    ['a device without a wide one borrows the best', 'cali1', 'fd00:7::7', 'fd00:50::10'],
  ];
  test('use_oif_addrs_only: a device borrows none', () => {
    const sysctls = new Map([['net.ipv6.conf.cali1.use_oif_addrs_only', '1']]);
    const source = (device: string) => {
      const found = sourceAddress6({ ...node, sysctls }, device, parseAddress('fd00:7::7')!);
      return found && found !== 'unknown' && formatAddress(found);
    };
    assert.equal(source('cali1'), 'fe80::ee');
    assert.equal(source('eth0'), 'fd00:50::10');
  });

  for (const [why, device, to, expected] of cases) {
    test(`${to} by ${device}: ${why}`, () => {
      const source = sourceAddress6(node, device, parseAddress(to)!);
      assert.equal(source && source !== 'unknown' && formatAddress(source), expected);
    });
  }
});
