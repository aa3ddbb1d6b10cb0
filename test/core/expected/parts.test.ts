import assert from 'node:assert/strict';
import { formatAddress, parseNetwork, type Family } from '../../../src/core/address';
import { chooseEndpoints, type ChoiceRules } from '../../../src/core/expected/choose';
import type { Endpoint } from '../../../src/core/expected/endpoints';
import { chance, mark } from '../../../src/core/expected/iptables/text';
import { kernelFactsOf } from '../../../src/core/expected/kernel';
import { localTrafficOf } from '../../../src/core/expected/localTraffic';
import {
  holdNode,
  nodePortAddressesOf,
  setsRouteLocalnet,
} from '../../../src/core/expected/nodePorts';
import {
  duration,
  localMatch,
  mark as nftMark,
  networkSet,
  single,
} from '../../../src/core/expected/nftables/text';
import type { ActualTables } from '../../../src/core/rules/ruleTexts';
import { inputOf, type Cluster, type Mode } from './byHand';

suite('parts of rules as the programs print them', () => {
  test('a probability: 1/n with the decimals that kube-proxy writes, in the kernel’s 31 bits', () => {
    for (const [count, decimals, text] of [
      [1, 10, ''],
      [2, 10, '0.50000000000'],
      [3, 10, '0.33333333349'],
      [3, 5, '0.33332999982'],
      [7, 10, '0.14285714272'],
      [1000, 10, '0.00100000016'],
    ] as const) {
      const match = text === '' ? '' : `-m statistic --mode random --probability ${text} `;
      assert.equal(chance(count, decimals), match);
      // Once more, from what is kept.
      assert.equal(chance(count, decimals), match);
    }
  });

  test('marks, times and matches', () => {
    assert.deepEqual([0, 14, 31].map(mark), ['0x1', '0x4000', '0x80000000']);
    assert.deepEqual([0, 14, 31].map(nftMark), ['0x00000001', '0x00004000', '0x80000000']);
    for (const [seconds, text] of [
      [0, '0s'],
      [1, '1s'],
      [60, '1m'],
      [10800, '3h'],
      [86400, '1d'],
      [90061, '1d1h1m1s'],
      [86399, '23h59m59s'],
    ] as const) {
      assert.equal(duration(seconds), text);
    }
    const network = (text: string) => ({ kind: 'network', network: text }) as const;
    const device = (prefix: boolean) => ({ kind: 'device', name: 'veth', prefix }) as const;
    assert.equal(localMatch(network('10.244.0.0/16'), true, 4), 'ip saddr 10.244.0.0/16');
    assert.equal(localMatch(network('10.244.0.1/32'), false, 4), 'ip saddr != 10.244.0.1');
    assert.equal(localMatch(network('fd00::1/128'), false, 6), 'ip6 saddr != fd00::1');
    assert.equal(localMatch(network('fd00::/32'), true, 6), 'ip6 saddr fd00::/32');
    assert.equal(localMatch(device(true), true, 4), 'iifname "veth*"');
    assert.equal(localMatch(device(false), false, 4), 'iifname != "veth"');
    assert.equal(localMatch({ kind: 'none' }, true, 4), undefined);
  });

  test('networks as nft lists them: in order, together where they touch or overlap', () => {
    const set = (...texts: readonly string[]) =>
      networkSet(texts.map((text) => parseNetwork(text)!));
    for (const [text, ...networks] of [
      ['10.0.0.0/8', '10.0.0.0/8'],
      ['10.0.0.1', '10.0.0.1/32'],
      ['{ 10.0.0.0/8, 192.168.0.0/16 }', '192.168.0.0/16', '10.0.0.0/8'],
      ['{ 10.0.0.0/8 }', '10.0.0.0/8', '10.1.0.0/16'],
      ['{ 10.0.0.0/8 }', '10.1.0.0/16', '10.0.0.0/8'],
      ['{ 10.0.0.0/8 }', '10.0.0.0/9', '10.128.0.0/9'],
      ['{ 10.0.0.0/8 }', '10.0.0.0/8', '10.0.0.0/8'],
      ['{ 10.0.0.0/24, 10.0.2.0/24 }', '10.0.0.0/24', '10.0.2.0/24'],
      ['{ 10.0.1.0-10.0.2.255 }', '10.0.1.0/24', '10.0.2.0/24'],
      ['{ 10.0.0.1-10.0.0.2 }', '10.0.0.1/32', '10.0.0.2/32'],
      ['{ 10.0.0.1, 10.0.0.3 }', '10.0.0.3/32', '10.0.0.1/32'],
      ['{ 10.0.0.0/23 }', '10.0.0.0/24', '10.0.1.0/24'],
      ['{ fd00::/32, fd00:2::1 }', 'fd00:2::1/128', 'fd00::/32'],
      ['{ fd00::-fd00::2 }', 'fd00::/127', 'fd00::2/128'],
      ['{ 0.0.0.0/0 }', '0.0.0.0/1', '128.0.0.0/1'],
      ['{ ::/0 }', '::/1', '8000::/1'],
    ] as const) {
      assert.equal(set(...networks), text);
    }
    assert.equal(networkSet(single('10.0.0.1')), '10.0.0.1');
    assert.equal(networkSet(single('fd00::1')), 'fd00::1');
    assert.deepEqual(single('name'), []);
  });
});

suite('where node ports answer (nodePortAddresses)', () => {
  const ipAddr = `1: lo: <UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
    inet6 ::1/128 scope host
2: eth0: <UP> mtu 1500
    inet 192.0.2.1/24 scope global eth0
    inet 192.0.2.1/24 scope global secondary eth0
    inet 198.51.100.1/24 scope global eth0
    inet6 2001:db8::1/64 scope global
3: kube-ipvs0: <NOARP> mtu 1500
    inet 192.0.2.77/32 scope global kube-ipvs0
`;
  const answer =
    (
      mode: Mode,
      release: number,
      config: Cluster['config'],
      more: Cluster = {},
      family: Family = 4,
    ) =>
    () => {
      const found = nodePortAddressesOf(
        inputOf({ ipAddr, config, ...more }, mode, release),
        family,
      );
      if (found.kind === 'some') return found.addresses.map(formatAddress).join() || 'none';
      return found.kind === 'unknown' ? found.reason : 'all';
    };
  const named = (...nodePortAddresses: readonly unknown[]) => ({ nodePortAddresses });

  for (const [title, found, right] of [
    ['unset: on all', answer('iptables', 36, {}), 'all'],
    ['unset in ipvs mode: on all', answer('ipvs', 36, {}), 'all'],
    ['unset in nftables mode until 1.29', answer('nftables', 29, {}), 'all'],
    ['unset in nftables mode since 1.30: the primary one', answer('nftables', 30, {}), '192.0.2.1'],
    ['primary', answer('iptables', 36, named('primary')), '192.0.2.1'],
    [
      'primary of IPv6',
      answer('nftables', 36, {}, { nodeAddresses: ['192.0.2.1', '2001:db8::1'] }, 6),
      '2001:db8::1',
    ],
    [
      'primary of a family that the Node has no address of',
      answer('nftables', 36, {}, {}, 6),
      'all',
    ],
    [
      'primary, bindAddress first',
      answer('nftables', 36, { bindAddress: '198.18.0.1' }),
      '198.18.0.1',
    ],
    ['bindAddress of all is none', answer('nftables', 36, { bindAddress: '0.0.0.0' }), '192.0.2.1'],
    [
      'bindAddress of the other family',
      answer('nftables', 36, { bindAddress: '2001:db8::9' }),
      '192.0.2.1',
    ],
    ['a loopback one is none', answer('nftables', 36, { bindAddress: '127.0.0.1' }), 'all'],
    ['of IPv6, too', answer('nftables', 36, { bindAddress: '::1' }, {}, 6), 'all'],
    [
      'a CIDR: the addresses in it, each once, none of kube-ipvs0',
      answer('iptables', 36, named('192.0.2.0/24')),
      '192.0.2.1',
    ],
    [
      'two CIDRs',
      answer('iptables', 36, named('192.0.2.0/24', '198.51.100.0/24')),
      '192.0.2.1,198.51.100.1',
    ],
    ['no address in it', answer('iptables', 36, named('10.0.0.0/8')), 'none'],
    ['CIDRs of the other family alone', answer('iptables', 36, named('2001:db8::/64')), 'all'],
    ['the whole family', answer('iptables', 36, named('10.0.0.0/8', '0.0.0.0/0')), 'all'],
    ['of IPv6', answer('iptables', 36, named('2001:db8::/64'), {}, 6), '2001:db8::1'],
    [
      'without the node’s addresses',
      answer('iptables', 36, named('10.0.0.0/8'), { ipAddr: undefined }),
      "the node's own addresses are not at hand (`ip addr`)",
    ],
    ['none needed where no CIDR asks', answer('iptables', 36, {}, { ipAddr: undefined }), 'all'],
    [
      'what cannot be read',
      answer('iptables', 36, named('10.0.0.0')),
      'nodePortAddresses could not be read',
    ],
  ] as const) {
    test(title, () => assert.equal(found(), right));
  }

  test('primary without the Node object', () => {
    const input = inputOf({}, 'nftables');
    const without = { ...input, objects: { ...input.objects, nodes: [] } };
    assert.deepEqual(nodePortAddressesOf(without, 4), {
      kind: 'unknown',
      reason: 'the Node object of node-a, which names them, is not at hand',
    });
    const bound = { ...without, settings: { ...input.settings, bindAddress: '198.18.0.1' } };
    assert.equal(nodePortAddressesOf(bound, 4).kind, 'some');
  });

  test('the Node’s address: an InternalIP before an ExternalIP, whatever their order', () => {
    const input = inputOf({}, 'nftables');
    const [node] = input.objects.nodes;
    const at = (...addresses: readonly (readonly [string, string])[]) => {
      const own = { ...node!, addresses: addresses.map(([type, address]) => ({ type, address })) };
      const found = nodePortAddressesOf({ ...input, objects: { nodes: [own] } }, 4);
      return found.kind === 'some' ? found.addresses.map(formatAddress).join() : found.kind;
    };
    assert.equal(at(['ExternalIP', '203.0.113.1'], ['InternalIP', '192.0.2.5']), '192.0.2.5');
    assert.equal(at(['ExternalIP', '203.0.113.1'], ['Hostname', '192.0.2.5']), '203.0.113.1');
    assert.equal(at(['InternalIP', 'fd00::1'], ['InternalIP', '192.0.2.6']), '192.0.2.6');
    assert.equal(at(['InternalIP', 'name'], ['ExternalIP', '203.0.113.1']), '203.0.113.1');
    assert.equal(at(['Hostname', '192.0.2.5']), 'all');
  });

  test('ranges that hold the node; without an address of its own that is loopback', () => {
    const holds = (networks: readonly string[], cluster: Cluster = {}, family: Family = 4) =>
      holdNode(
        networks.map((text) => parseNetwork(text)!),
        inputOf(cluster, 'iptables'),
        family,
      );
    assert.ok(holds(['10.0.0.0/8', '192.0.2.0/24']));
    assert.ok(!holds(['10.0.0.0/8']));
    assert.ok(!holds([]));
    assert.ok(holds(['127.0.0.0/8'], { nodeAddresses: [] }));
    assert.ok(holds(['::/64'], {}, 6));
    assert.ok(!holds(['fd00::/64'], {}, 6));
  });

  test('route_localnet: iptables mode alone, where node ports answer on 127.0.0.1', () => {
    for (const [sets, mode, release, config] of [
      [true, 'iptables', 36, {}],
      [false, 'ipvs', 36, {}],
      [false, 'nftables', 36, {}],
      [false, 'iptables', 36, { iptables: { localhostNodePorts: false } }],
      [false, 'iptables', 26, { iptables: { localhostNodePorts: false } }],
      // Before 1.26 there was no switch.
      [true, 'iptables', 25, { iptables: { localhostNodePorts: false } }],
      [true, 'iptables', 36, named('127.0.0.0/8')],
      [true, 'iptables', 36, named('127.0.0.1/32', '10.0.0.0/8')],
      [true, 'iptables', 36, named('127.1.0.0/16')],
      [true, 'iptables', 36, named('0.0.0.0/0')],
      [true, 'iptables', 36, named('fd00::/8')],
      [false, 'iptables', 36, named('10.0.0.0/8')],
      [false, 'iptables', 36, named('primary')],
      [false, 'iptables', 36, named('10.0.0.0')],
    ] as const) {
      const input = inputOf({ config }, mode, release);
      assert.equal(setsRouteLocalnet(input), sets, `${mode} ${release} ${JSON.stringify(config)}`);
    }
  });
});

suite('what tells traffic of the pods (detectLocalMode)', () => {
  const local =
    (config: Cluster['config'], family: Family = 4) =>
    () => {
      const found = localTrafficOf(inputOf({ config }, 'iptables'), family);
      if (found.kind === 'network') return found.network;
      return found.kind === 'device' ? `${found.name}${found.prefix ? '+' : ''}` : 'none';
    };
  const both = '10.244.0.0/16,fd00:244::/48';
  for (const [title, found, right] of [
    ['clusterCIDR', local({}), '10.244.0.0/16'],
    ['of the family', local({ clusterCIDR: both }, 6), 'fd00:244::/48'],
    ['none of the family', local({}, 6), 'none'],
    ['none at all', local({ clusterCIDR: '' }), 'none'],
    ['that cannot be read', local({ clusterCIDR: '10.244.0.0' }), 'none'],
    ['the Node’s podCIDR', local({ detectLocalMode: 'NodeCIDR' }), '10.244.0.0/24'],
    ['which has none of the family', local({ detectLocalMode: 'NodeCIDR' }, 6), 'none'],
    [
      'a bridge',
      local({ detectLocalMode: 'BridgeInterface', detectLocal: { bridgeInterface: 'cni0' } }),
      'cni0',
    ],
    ['no bridge named', local({ detectLocalMode: 'BridgeInterface' }), 'none'],
    [
      'a prefix of names',
      local({
        detectLocalMode: 'InterfaceNamePrefix',
        detectLocal: { interfaceNamePrefix: 'veth' },
      }),
      'veth+',
    ],
  ] as const) {
    test(title, () => assert.equal(found(), right));
  }

  test('NodeCIDR is that of its own Node', () => {
    const input = inputOf({ config: { detectLocalMode: 'NodeCIDR' } }, 'iptables');
    const other = { ...input, node: { ...input.node, name: 'node-b' } };
    assert.deepEqual(localTrafficOf(other, 4), { kind: 'none' });
  });
});

suite('what kube-proxy found out of the kernel, by its rules', () => {
  const tables = (rules: Readonly<Record<string, string>>): ActualTables => {
    const of = (chain: string) => [{ text: rules[chain]!, line: 0 }];
    return new Map([
      ['filter', new Map('KUBE-FORWARD' in rules ? [['KUBE-FORWARD', of('KUBE-FORWARD')]] : [])],
      [
        'nat',
        new Map('KUBE-POSTROUTING' in rules ? [['KUBE-POSTROUTING', of('KUBE-POSTROUTING')]] : []),
      ],
    ]);
  };
  const drop = (counter: string) => ({
    'KUBE-FORWARD': `-m conntrack --ctstate INVALID ${counter}-j DROP`,
  });
  const snat = (rest: string) => ({
    'KUBE-POSTROUTING': `-m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE${rest}`,
  });

  test('counters, random ports, and what a sysctl says', () => {
    const facts = (rules: Readonly<Record<string, string>>, sysctl?: string) => {
      const name = 'net.netfilter.nf_conntrack_tcp_be_liberal';
      const sysctls = sysctl === undefined ? undefined : new Map([[name, sysctl]]);
      const { nfacct, randomFully, tcpBeLiberal } = kernelFactsOf(tables(rules), sysctls);
      return [nfacct, randomFully, tcpBeLiberal];
    };
    assert.deepEqual(facts({}), [true, true, false]);
    assert.deepEqual(facts(drop('-m nfacct --nfacct-name  x ')), [true, true, false]);
    assert.deepEqual(facts(drop('')), [false, true, false]);
    assert.deepEqual(facts(snat(' --random-fully')), [true, true, false]);
    assert.deepEqual(facts(snat('')), [true, false, false]);
    // As older ones write it.
    const old = {
      'KUBE-POSTROUTING': snat('')['KUBE-POSTROUTING'].replace(
        '-j',
        '-m mark --mark 0x4000/0x4000 -j',
      ),
    };
    assert.deepEqual(facts(old), [true, false, false]);
    assert.deepEqual(facts({}, '1'), [true, true, true]);
    assert.deepEqual(facts({}, '0'), [true, true, false]);
    // Other rules of those chains tell nothing.
    const other = {
      'KUBE-FORWARD': '-m mark --mark 0x4000/0x4000 -j ACCEPT',
      'KUBE-POSTROUTING': '-j MASQUERADE',
    };
    assert.deepEqual(facts(other), [true, true, false]);
  });
});

suite('which endpoints a Service port leads to', () => {
  const endpoint = (address: string, more: Partial<Endpoint> = {}): Endpoint => ({
    address,
    port: 80,
    text: `${address}:80`,
    local: false,
    ready: true,
    serving: true,
    terminating: false,
    forZones: [],
    forNodes: [],
    ...more,
  });
  const rules: ChoiceRules = {
    usesCluster: true,
    usesLocal: false,
    node: 'node-a',
    zone: 'east',
    terminating: true,
    hints: { zones: true, nodes: true },
  };
  const chosen =
    (endpoints: readonly Endpoint[], more: Partial<ChoiceRules> = {}) =>
    () => {
      const { cluster, local, reachable, any } = chooseEndpoints(endpoints, { ...rules, ...more });
      const names = (list: readonly Endpoint[]) => list.map(({ address }) => address).join('');
      return `${names(cluster)} ${names(local)} ${names(reachable)} ${any ? 'any' : 'none'}`;
    };
  const here = endpoint('a', { local: true });
  const far = endpoint('b');
  const gone = endpoint('c', { ready: false, serving: false });
  const leaving = endpoint('d', { ready: false, terminating: true });
  const leavingHere = endpoint('e', { ready: false, terminating: true, local: true });
  const both = { usesLocal: true };
  const inside = { usesLocal: true, usesCluster: false };

  for (const [title, found, right] of [
    ['those that are ready', chosen([here, far, gone]), 'ab  ab any'],
    ['none', chosen([gone]), '   none'],
    ['those that still serve, where none is ready', chosen([gone, leaving]), 'd  d any'],
    ['not before 1.26', chosen([gone, leaving], { terminating: false }), '   none'],
    ['not beside one that is ready', chosen([far, leaving]), 'b  b any'],
    [
      'neither those that terminate and do not serve',
      chosen([{ ...leaving, serving: false }]),
      '   none',
    ],
    [
      'nor those that serve, not ready, and do not terminate',
      chosen([{ ...gone, serving: true }]),
      '   none',
    ],
    ['of the node and of the cluster', chosen([far, here], both), 'ba a ba any'],
    ['of the node alone', chosen([far, here], inside), ' a a any'],
    ['of none on the node: there is one elsewhere', chosen([far], inside), '   any'],
    [
      'that serve on the node, where none there is ready',
      chosen([far, leavingHere], both),
      'b e be any',
    ],
    ['those elsewhere do not count on the node', chosen([far, leaving], both), 'b  b any'],
    ['only those that serve elsewhere', chosen([leaving], inside), '   any'],
    ['none at all', chosen([gone], inside), '   none'],
  ] as const) {
    test(title, () => assert.equal(found(), right));
  }

  const zone = (address: string, ...forZones: readonly string[]) => endpoint(address, { forZones });
  const node = (address: string, ...forNodes: readonly string[]) => endpoint(address, { forNodes });
  for (const [title, found, right] of [
    ['of the zone', chosen([zone('a', 'east'), zone('b', 'west')]), 'a  a any'],
    ['of several zones', chosen([zone('a', 'west', 'east'), zone('b', 'west')]), 'a  a any'],
    ['not where one has no hint', chosen([zone('a', 'east'), zone('b')]), 'ab  ab any'],
    [
      'nor where none is for the zone',
      chosen([zone('a', 'north'), zone('b', 'west')]),
      'ab  ab any',
    ],
    [
      'nor where the node’s zone is not known',
      chosen([zone('a', 'east'), zone('b', 'west')], { zone: undefined }),
      'ab  ab any',
    ],
    [
      'nor before the release takes them',
      chosen([zone('a', 'east'), zone('b', 'west')], { hints: { zones: false, nodes: true } }),
      'ab  ab any',
    ],
    ['of the node', chosen([node('a', 'node-a'), node('b', 'node-b')]), 'a  a any'],
    [
      'of the node, not before 1.34',
      chosen([node('a', 'node-a'), node('b', 'node-b')], { hints: { zones: true, nodes: false } }),
      'ab  ab any',
    ],
    [
      'of the node before its zone',
      chosen([
        { ...node('a', 'node-b'), forZones: ['east'] },
        { ...node('b', 'node-a'), forZones: ['east'] },
      ]),
      'b  b any',
    ],
    [
      'of the zone, where none is for the node',
      chosen([
        { ...node('a', 'node-b'), forZones: ['east'] },
        { ...node('b', 'node-c'), forZones: ['west'] },
      ]),
      'a  a any',
    ],
    [
      'one that is not ready needs none',
      chosen([zone('a', 'east'), zone('b', 'west'), gone]),
      'a  a any',
    ],
    [
      'for policy Local they do not count',
      chosen([{ ...zone('a', 'west'), local: true }, zone('b', 'east')], both),
      'b a ab any',
    ],
  ] as const) {
    test(`topology hints: ${title}`, () => assert.equal(found(), right));
  }
});
