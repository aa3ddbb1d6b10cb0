import assert from 'node:assert/strict';
import { formatAddress, formatNetwork, parseAddress } from '../../../src/core/address';
import type { NodeState } from '../../../src/core/node';
import { usualNode } from '../../../src/core/questions/usualNode';
import { usualSets } from '../../../src/core/questions/usualSets';
import type { ServiceEntryKind, ServiceView } from '../../../src/core/service';
import { finish } from '../../../src/core/work';
import { parseIpAddress } from '../../../src/syntax/ip/address';
import { parseIpRoute } from '../../../src/syntax/ip/route';
import { readDump } from '../kubeproxy/dump';

const range = { source: 'x', line: 0, start: 0, end: 0 };
const around = {
  node: parseAddress('192.0.2.10')!,
  nodeUnknown: true,
  uplink: 'eth0',
  uplinkAssumption: undefined,
  pod: { source: parseAddress('10.244.3.7')!, device: 'cni0', assumption: '' },
  podElsewhere: undefined,
} as unknown as Parameters<typeof usualNode>[2];

const service = (
  mode: ServiceView['mode'],
  entries: readonly (readonly [ServiceEntryKind, string])[],
): ServiceView => ({
  servicePort: undefined,
  title: 'shop/web',
  protocol: 6,
  mode,
  entries: entries.map(([kind, address]) => ({
    kind,
    address: parseAddress(address)!,
    port: 80,
    range,
  })),
  *readEndpoints() {
    return [];
  },
  affinity: undefined,
  chains: [],
  range,
});

/** `eth0 192.0.2.10/24` of each address, and `10.0.0.0/8 eth0 main` of each route. */
function usual(more: Partial<NodeState>, of: ServiceView) {
  const made = finish(usualNode({ name: 'a', rulesets: [], findings: [], ...more }, of, around));
  return {
    ...made,
    devices: made.node.interfaces!.flatMap(({ name, addresses }) =>
      addresses.map((own) => `${name} ${formatAddress(own.address)}/${own.prefixLength}`),
    ),
    routes: made.node.routes!.map(
      ({ destination, nextHops, table }) =>
        `${formatNetwork(destination)} ${nextHops[0]!.device} ${table}`,
    ),
  };
}

const bySets = service('ipvs', [
  ['cluster-ip', '10.96.0.1'],
  ['load-balancer-ip', '203.0.113.1'],
  ['node-port', '192.168.77.10'],
]);

suite('a node as it usually is, where no dump tells of its devices', () => {
  test('kube-ipvs0 has the addresses of the Service, none of a node port', () => {
    assert.deepEqual(usual({}, bySets).devices, [
      'lo 127.0.0.1/8',
      'eth0 192.0.2.10/24',
      'cni0 10.244.3.1/24',
      'kube-ipvs0 10.96.0.1/32',
      'kube-ipvs0 203.0.113.1/32',
    ]);
    const rules = service('iptables', [['cluster-ip', '10.96.0.1']]);
    assert.ok(!usual({}, rules).devices.some((own) => own.startsWith('kube-ipvs0')));
  });

  test('its routes: to its own addresses, what is connected, the pods, and the rest by the uplink', () => {
    const { routes } = usual({}, bySets);
    assert.equal(routes.at(-1), '0.0.0.0/0 eth0 main');
    for (const one of ['192.0.2.0/24 eth0 main', '10.244.3.0/24 cni0 main']) {
      assert.ok(routes.includes(one), one);
    }
    for (const own of ['192.0.2.10/32 eth0', '10.244.3.1/32 cni0', '10.96.0.1/32 kube-ipvs0']) {
      assert.ok(routes.includes(`${own} local`), `${own} in ${routes.join()}`);
    }
    const main = routes.filter((one) => one.endsWith(' main'));
    assert.ok(!main.some((one) => / (?:lo|kube-ipvs0) /.test(one)), main.join());
  });

  test('only what no dump tells is made up, and which command would tell it', () => {
    const bare = usual({}, bySets);
    assert.deepEqual(bare.commands, ['ipset save', 'ip addr', 'ip route show table all']);
    assert.deepEqual([...bare.madeUp].sort(), ['10.244.3.1', '127.0.0.1', '192.0.2.10']);
    assert.equal(bare.hasMadeRules, false);
    const interfaces = parseIpAddress(
      '2: eth0: <UP> mtu 1500\n    inet 192.168.77.10/24 scope global eth0\n',
      'ip-addr',
    ).value!;
    const routes = parseIpRoute('default via 192.168.77.1 dev eth0\n', 'ip-route').value!;
    const known = usual({ interfaces, routes, sets: new Map() }, bySets);
    assert.deepEqual(known.commands, []);
    assert.deepEqual([...known.madeUp], []);
    assert.deepEqual(known.devices, ['eth0 192.168.77.10/24']);
    assert.deepEqual(known.routes, ['0.0.0.0/0 eth0 main']);
    // Routes at hand lead to all that the node has, but for the address that stands for its own.
    assert.deepEqual(usual({ routes }, bySets).routes, [
      '0.0.0.0/0 eth0 main',
      '192.0.2.10/32 eth0 local',
    ]);
    const some = usual({ someInterfaces: interfaces, routes }, bySets);
    assert.deepEqual(some.commands, ['ipset save', 'ip addr']);
    assert.ok(some.devices.includes('eth0 192.168.77.10/24'));
    assert.ok(!some.devices.includes('eth0 192.0.2.10/24'));
    assert.ok(!some.madeUp.has('192.168.77.10'));
    const mode = service('iptables', [['cluster-ip', '10.96.0.1']]);
    assert.deepEqual(usual({}, mode).commands, ['ip addr', 'ip route show table all']);
  });

  test('kube-ipvs0 is shown without the node’s own addresses: those of its node ports are the uplink’s', () => {
    const shown = (text: string, of: ServiceView) =>
      usual({ someInterfaces: parseIpAddress(text, 'ip-addr').value! }, of).devices;
    const alone =
      '5: kube-ipvs0: <NOARP> mtu 1500\n    inet 10.96.0.1/32 scope global kube-ipvs0\n';
    const made = ['lo 127.0.0.1/8', 'eth0 192.0.2.10/24'];
    const rest = (own: string) => !made.includes(own) && !own.startsWith('cni0 ');
    assert.deepEqual(shown(alone, bySets).filter(rest), [
      'kube-ipvs0 10.96.0.1/32',
      'eth0 192.168.77.10/24',
    ]);
    // One that a device holds is no other's.
    const held = `${alone}2: eth1: <UP> mtu 1500\n    inet 192.168.77.10/25 scope global eth1\n`;
    assert.deepEqual(shown(held, bySets).filter(rest), [
      'kube-ipvs0 10.96.0.1/32',
      'eth1 192.168.77.10/25',
    ]);
    // A node port without an address is at those that the node has.
    const anywhere = { ...bySets, entries: [{ kind: 'node-port', port: 30080, range }] } as const;
    assert.deepEqual(shown(alone, anywhere).filter(rest), ['kube-ipvs0 10.96.0.1/32']);
    assert.deepEqual(shown(alone, { ...bySets, mode: 'iptables' }).filter(rest), [
      'kube-ipvs0 10.96.0.1/32',
    ]);
  });

  test('rules are made up of iptables mode alone, where an excerpt lacks them', () => {
    const rulesets = [
      readDump(
        '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y\n',
      ),
    ];
    const made = (of: ServiceView) => usual({ rulesets }, of).hasMadeRules;
    assert.equal(made(service('iptables', [['cluster-ip', '10.96.0.1']])), true);
    assert.equal(made(bySets), false);
  });

  test('sets are made up of ipvs mode alone, and those of a dump stay as they are', () => {
    const sets: NodeState['sets'] = new Map();
    assert.equal(usual({ sets }, bySets).node.sets, sets);
    assert.equal(usual({}, service('iptables', [])).node.sets, undefined);
    assert.ok(usual({}, bySets).node.sets!.has('KUBE-CLUSTER-IP'));
  });
});

suite('the sets of a Service in ipvs mode, where no dump has them', () => {
  /** `NAME PART PART`, of those that hold something. */
  const held = (of: Partial<ServiceView>) =>
    [...finish(usualSets({ ...bySets, ...of })).values()].flatMap(({ name, family, entries }) =>
      Array.from(entries, ({ parts }) => {
        assert.equal(family, name.startsWith('KUBE-6-') ? 6 : 4);
        const texts = parts.map((part) => {
          if (part.kind === 'network') return formatNetwork(part.network);
          assert.ok(part.kind === 'port' && part.from === part.to);
          return part.protocol === undefined ? part.from : `${part.protocol}:${part.from}`;
        });
        return [name, ...texts].join(' ');
      }),
    );
  const entry = (kind: ServiceEntryKind, address: string, port = 80) => ({
    kind,
    address: parseAddress(address)!,
    port,
    range,
  });

  test('each address in the set of its kind, and in that of all', () => {
    const entries = [
      entry('cluster-ip', '10.96.0.1'),
      entry('external-ip', '203.0.113.1'),
      entry('external', '203.0.113.2'),
      entry('load-balancer-ip', '203.0.113.3'),
      entry('virtual', '10.96.0.2'),
    ];
    assert.deepEqual(held({ entries }).sort(), [
      'KUBE-CLUSTER-IP 10.96.0.1/32 6:80',
      'KUBE-CLUSTER-IP 10.96.0.2/32 6:80',
      'KUBE-EXTERNAL-IP 203.0.113.1/32 6:80',
      'KUBE-EXTERNAL-IP 203.0.113.2/32 6:80',
      ...entries.map(({ address }) => `KUBE-IPVS-IPS ${formatAddress(address)}/32`).sort(),
      'KUBE-LOAD-BALANCER 203.0.113.3/32 6:80',
    ]);
  });

  test('a node port by its number, of SCTP with the address of the node', () => {
    const entries = [entry('node-port', '192.168.77.10', 30080)];
    assert.deepEqual(new Set(held({ entries })), new Set(both('NODE-PORT-TCP 30080')));
    assert.deepEqual(
      new Set(held({ entries, protocol: 17 })),
      new Set(both('NODE-PORT-UDP 30080')),
    );
    assert.deepEqual(held({ entries, protocol: 132 }), [
      'KUBE-NODE-PORT-SCTP-HASH 192.168.77.10/32 132:30080',
    ]);
    // One of which nothing tells what it is, by its number; a place without an address is in none.
    const virtual = [entry('virtual', '192.168.77.10', 30080)];
    assert.deepEqual(held({ entries: virtual }), held({ entries }));
    assert.deepEqual(held({ entries: [{ kind: 'node-port', port: 30080, range }] }), []);
  });

  test('endpoints in KUBE-LOOP-BACK, each family in its own sets', () => {
    const endpoints = ['10.244.0.1', 'fd00::1'].map((address) => ({
      address: parseAddress(address)!,
      port: 8080,
      share: 0.5,
      range,
    }));
    const found = held({
      entries: [entry('cluster-ip', 'fd00:96::1')],
      *readEndpoints() {
        return endpoints;
      },
    });
    assert.deepEqual(found, [
      'KUBE-LOOP-BACK 10.244.0.1/32 6:8080 10.244.0.1/32',
      'KUBE-6-LOOP-BACK fd00::1/128 6:8080 fd00::1/128',
      'KUBE-6-CLUSTER-IP fd00:96::1/128 6:80',
      'KUBE-6-IPVS-IPS fd00:96::1/128',
    ]);
  });

  /** Sets of ports alone are of both families. */
  function both(text: string): readonly string[] {
    return [`KUBE-${text}`, `KUBE-6-${text}`];
  }
});
