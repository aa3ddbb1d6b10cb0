import assert from 'node:assert/strict';
import { formatAddress, parseAddress, parseNetwork } from '../../../src/core/address';
import { insider, nodePlaceOf, outsider, surroundingsOf } from '../../../src/core/flow/places';
import type { AssumedPlace, FoundService } from '../../../src/core/flow/places';
import type { NodeState } from '../../../src/core/node';
import type { ServiceView } from '../../../src/core/service';
import { finish } from '../../../src/core/work';
import { parseIpvsTable } from '../../../src/syntax/ipvs/table';
import { node, node6 } from '../trace/helper';

const range = { source: 'rules', line: 0, start: 0, end: 1 };

interface Shop {
  readonly endpoints?: readonly string[];
  readonly chains?: readonly string[];
  readonly mode?: ServiceView['mode'];
  readonly entries?: ServiceView['entries'];
  readonly family?: 4 | 6;
}

function found(state: NodeState, shop: Shop = {}): FoundService {
  const { endpoints = ['10.244.1.5'], chains = [], mode = 'iptables', entries = [] } = shop;
  const service: ServiceView = {
    servicePort: undefined,
    title: 'shop/web',
    protocol: 6,
    mode,
    entries,
    *readEndpoints() {
      return endpoints.map((text) => {
        return { address: parseAddress(text)!, port: 8080, share: undefined, range };
      });
    },
    chains,
    range,
  };
  const { family = 4 } = shop;
  return { service, family, ruleset: state.rulesets[0], table: undefined };
}

const told = (place: AssumedPlace | undefined) =>
  place &&
  `${formatAddress(place.source)} by ${place.device}${place.assumption ? ', assumed' : ''}`;

/** The pod here, and the one elsewhere. */
function podsOf(state: NodeState, shop?: Shop) {
  const { pod, podElsewhere } = finish(surroundingsOf(state, found(state, shop)));
  return [told(pod), told(podElsewhere)];
}

const routed = (...routes: string[]) => node({ routes: routes.map((one) => `${one}\n`).join('') });

/** What a Service's chain, or that of another one, tells of the pods' network. */
const chains = (...rules: string[]) => {
  const names = [...new Set(rules.map((rule) => rule.split(' ')[1]!))];
  return node({ rules: ['*nat', ...names.map((name) => `:${name} - [0:0]`), ...rules].join('\n') });
};

suite('pods that ask', () => {
  test('one here by the device of its route, one elsewhere by the uplink', () => {
    assert.deepEqual(podsOf(node(), { endpoints: ['10.244.1.5', '10.244.2.5'] }), [
      '10.244.1.250 by cni0',
      '10.244.2.250 by eth0',
    ]);
  });

  test('of IPv6 likewise', () => {
    const addresses = '2: eth0: <UP> mtu 1500\n    inet6 2001:db8:1::10/64 scope global\n';
    const routes = [
      'default via fe80::1 dev eth0',
      'fd00:1::/64 dev cni0',
      'fd00:2::/64 via 2001:db8:1::11 dev eth0',
    ];
    const six = node6(addresses, routes.map((route) => `${route}\n`).join(''));
    assert.deepEqual(podsOf(six, { family: 6, endpoints: ['fd00:1::5', 'fd00:2::5'] }), [
      'fd00:1::fa by cni0',
      'fd00:2::fa by eth0',
    ]);
  });

  test('it is none of the endpoints, which would be asked of hairpin', () => {
    const endpoints = ['10.244.1.250', '10.244.1.249', '10.244.1.5'];
    assert.deepEqual(podsOf(node(), { endpoints }), ['10.244.1.248 by cni0', undefined]);
  });

  test('where each Pod has a route of its own, one that is no endpoint', () => {
    const state = routed(
      'default via 192.168.50.1 dev eth0',
      '10.244.1.5 dev cali1 scope link',
      '10.244.1.6 dev cali2 scope link',
    );
    const network = chains('-A KUBE-SVC-A ! -s 10.244.0.0/16 -d 10.96.0.1/32 -j KUBE-MARK-MASQ');
    const known = { ...state, rulesets: network.rulesets };
    assert.deepEqual(podsOf(known), ['10.244.1.6 by cali2', undefined]);
    // Where each is one: the first of them, which is better than none.
    const both = { endpoints: ['10.244.1.5', '10.244.1.6'] };
    assert.deepEqual(podsOf(known, both), ['10.244.1.5 by cali1', undefined]);
  });

  test('neither the default route nor one that sends nothing on leads to pods', () => {
    const ways = ['default via 192.168.50.1 dev eth0', 'blackhole 10.244.1.0/26 proto bird'];
    assert.deepEqual(podsOf(routed(...ways)), ['10.244.1.250 by cni0, assumed', undefined]);
  });

  test('a network that is half of all addresses is one', () => {
    const state = routed('0.0.0.0/1 via 192.168.50.9 dev tun0', '192.168.50.0/24 dev eth0');
    assert.deepEqual(podsOf(state), ['10.244.1.250 by cni0, assumed', '0.0.0.250 by tun0']);
  });

  test('the network of the uplink is none of the pods of this node', () => {
    const state = routed('default via 192.168.50.1 dev eth0', '192.168.50.0/24 dev eth0');
    assert.deepEqual(podsOf(state, { endpoints: ['192.168.50.77'] }), [
      '192.168.50.250 by cni0, assumed',
      undefined,
    ]);
  });

  test('without routes one beside the first endpoint, in the network that is usual', () => {
    const bare = node({ routes: null, addresses: null });
    assert.deepEqual(podsOf(bare), ['10.244.1.250 by cni0, assumed', undefined]);
    const six = node6('', '', { interfaces: undefined, routes: undefined });
    assert.deepEqual(podsOf(six, { family: 6, endpoints: ['fd00:1::5'] }), [
      'fd00:1::fa by cni0, assumed',
      undefined,
    ]);
    assert.deepEqual(podsOf(bare, { endpoints: [] }), [undefined, undefined]);
  });
});

// In ipvs mode a NodePort has a virtual server on each of the node's addresses (pkg/proxy/ipvs/proxier.go).
suite('whether the Pods of this node are known', () => {
  const rule = '-A KUBE-SVC-A ! -s 10.244.0.0/16 -j KUBE-MARK-MASQ';
  const servers = (...ends: string[]) =>
    parseIpvsTable(ends.map((end) => `TCP  ${end} rr\n`).join(''), 'ipvs').value;
  const known = (state: NodeState, shop: Shop = { endpoints: [] }) => {
    const { knowsPods, pod } = finish(surroundingsOf(state, found(state, shop)));
    return [knowsPods, told(pod)];
  };

  test('by a route to them', () => {
    assert.deepEqual(known(chains(rule)), [true, '10.244.1.250 by cni0']);
    const bare = { ...chains(rule), routes: undefined };
    assert.deepEqual(known(bare), [false, '10.244.0.250 by cni0, assumed']);
  });

  test('by the address of their bridge, where IPVS has a NodePort on it', () => {
    const bare = { ...chains(rule), routes: undefined, interfaces: undefined };
    const of = (...ends: string[]) => known({ ...bare, ipvs: servers(...ends) });
    assert.deepEqual(of('192.168.50.10:30080', '10.244.7.1:30080'), [
      true,
      '10.244.7.250 by cni0, assumed',
    ]);
    // A Service's own address in that network is none of the node's.
    assert.deepEqual(of('10.244.7.1:443'), [false, '10.244.0.250 by cni0, assumed']);
    assert.deepEqual(of('192.168.50.10:30080'), [false, '10.244.0.250 by cni0, assumed']);
  });
});

// --cluster-cidr: `! -s CIDR ... -j KUBE-MARK-MASQ` (iptables/proxier.go), "pod traffic for" of KUBE-EXT-.
suite('the network of the pods as rules show it', () => {
  const bare = (state: NodeState) => ({ ...state, interfaces: undefined, routes: undefined });
  const networkOf = (state: NodeState, names: readonly string[] = ['KUBE-SVC-A']) =>
    podsOf(bare(state), { endpoints: [], chains: names })[0]?.replace(/ by .*/, '');

  test('what does not come of it is masqueraded', () => {
    const rule = '-A KUBE-SVC-A ! -s 10.200.0.0/16 -d 10.96.0.1/32 -p tcp -j KUBE-MARK-MASQ';
    assert.equal(networkOf(chains(rule)), '10.200.0.250');
    // Before 1.22.
    assert.equal(networkOf(chains(rule.replace('-SVC-A', '-SERVICES'))), '10.200.0.250');
  });

  test('what comes of it takes the way of pods', () => {
    const rule = '-A KUBE-EXT-A -s 10.201.0.0/16 -m comment --comment "pod traffic" -j KUBE-SVC-A';
    assert.equal(networkOf(chains(rule), ['KUBE-EXT-A']), '10.201.0.250');
  });

  test('a source range, the hairpin rule of an endpoint, and what only marks are none', () => {
    for (const rule of [
      '-A KUBE-FW-A -s 203.0.113.0/24 -j KUBE-EXT-A',
      '-A KUBE-SVC-A -s 10.244.1.5/32 -j KUBE-MARK-MASQ',
      '-A KUBE-SVC-A ! -s 10.200.0.0/16 -j KUBE-SEP-A',
      '-A KUBE-SVC-A ! -s 10.200.0.0/16 -j RETURN',
      '-A KUBE-SVC-A -m comment --comment "a -s b" -j KUBE-SEP-A',
    ]) {
      assert.equal(networkOf(chains(rule), ['KUBE-SVC-A', 'KUBE-FW-A']), undefined, rule);
    }
  });

  test('its own chains tell it first, else those of other Services', () => {
    const own = '-A KUBE-SVC-A ! -s 10.200.0.0/16 -j KUBE-MARK-MASQ';
    const other = '-A KUBE-SVC-B ! -s 10.201.0.0/16 -j KUBE-MARK-MASQ';
    assert.equal(networkOf(chains(other, own)), '10.200.0.250');
    assert.equal(networkOf(chains(other)), '10.201.0.250');
    assert.equal(networkOf(node({ rules: '*filter\n:X - [0:0]' })), undefined);
  });

  test('a pod of the network is one wherever its endpoints are', () => {
    const rule = '-A KUBE-SVC-A ! -s 10.244.0.0/16 -j KUBE-MARK-MASQ';
    assert.deepEqual(podsOf(chains(rule), { endpoints: [] }), [
      '10.244.1.250 by cni0',
      '10.244.2.250 by eth0',
    ]);
  });
});

suite('the node as its clients know it', () => {
  const place = (state: NodeState, shop?: Shop) => {
    const {
      node: own,
      nodeUnknown,
      uplink,
      uplinkAssumption,
    } = nodePlaceOf(state, found(state, shop));
    return [formatAddress(own), uplink, nodeUnknown, uplinkAssumption !== undefined];
  };

  test('by the device of the way back to a client outside', () => {
    assert.deepEqual(place(node()), ['192.168.50.10', 'eth0', false, false]);
  });

  const two = `1: lo: <LOOPBACK,UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: ens3: <UP> mtu 1500
    inet 169.254.0.8/16 scope link ens3
    inet 172.16.0.10/24 scope global ens3
3: eth1: <UP> mtu 1500
    inet 169.254.0.9/16 scope link eth1
    inet 192.168.50.10/24 scope global eth1
`;

  test('at the address of that device, not at the first of all, nor at one of a link', () => {
    const state = node({ addresses: two, routes: 'default via 192.168.50.1 dev eth1\n' });
    assert.deepEqual(place(state), ['192.168.50.10', 'eth1', false, false]);
  });

  test('without routes by the device of its first address, which is assumed', () => {
    assert.deepEqual(place(node({ addresses: two, routes: null })), [
      '172.16.0.10',
      'ens3',
      false,
      true,
    ]);
  });

  test('without addresses at one on which its NodePorts answer, else at one for documentation', () => {
    const bare = node({ addresses: null, routes: null });
    assert.deepEqual(place(bare), ['192.0.2.2', 'eth0', true, true]);
    const port = (address: string) =>
      ({ kind: 'node-port', address: parseAddress(address)!, port: 30080, range }) as const;
    const ipvs = { mode: 'ipvs', entries: [port('fd00::1'), port('192.168.50.10')] } as const;
    assert.deepEqual(place(bare, ipvs), ['192.168.50.10', 'eth0', false, true]);
    const other = { ...port('10.96.0.10'), kind: 'cluster-ip' } as const;
    assert.deepEqual(place(bare, { mode: 'ipvs', entries: [other] })[0], '192.0.2.2');
    assert.deepEqual(place(bare, { family: 6 })[0], '2001:db8::2');
  });
});

// RFC 5737, RFC 3849: addresses for documentation, which no network has.
suite('clients', () => {
  test('outside: in none of the networks', () => {
    const networks = (...texts: string[]) => texts.map((text) => parseNetwork(text)!);
    const of = (...texts: string[]) => formatAddress(outsider(4, networks(...texts)));
    assert.equal(of(), '192.0.2.7');
    assert.equal(of('192.0.2.0/24'), '198.51.100.7');
    assert.equal(of('192.0.0.0/8', '198.51.0.0/16'), '203.0.113.7');
    // All are in it: any will do.
    assert.equal(of('0.0.0.0/0'), '192.0.2.7');
    assert.equal(formatAddress(outsider(6, networks('2001:db8::/32'))), '3fff::7');
  });

  test('inside: a host of the network', () => {
    const of = (text: string) => formatAddress(insider(parseNetwork(text)!));
    assert.equal(of('10.0.0.0/8'), '10.0.0.7');
    assert.equal(of('10.0.0.8/32'), '10.0.0.8');
    assert.equal(of('10.0.0.0/29'), '10.0.0.7');
    assert.equal(of('10.0.0.0/30'), '10.0.0.0');
    assert.equal(of('fd00::/64'), 'fd00::7');
  });
});
