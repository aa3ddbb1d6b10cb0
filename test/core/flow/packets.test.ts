import assert from 'node:assert/strict';
import { formatAddress, parseAddress, withPort } from '../../../src/core/address';
import { askersOf } from '../../../src/core/flow/packets';
import type { NodeState } from '../../../src/core/node';
import type { ServiceEntry, ServiceEntryKind, ServiceView } from '../../../src/core/service';
import { finish } from '../../../src/core/work';
import { node } from '../trace/helper';

const range = { source: 'rules', line: 0, start: 0, end: 1 };

/** `cluster-ip 10.96.0.10 80`, `node-port * 30080`. */
function entry(text: string): ServiceEntry {
  const [kind, address, port] = text.split(' ');
  const at = parseAddress(address!);
  return { kind: kind as ServiceEntryKind, port: Number(port), range, ...(at && { address: at }) };
}

/** One here and one on another node. */
const pods = ['10.244.1.5', '10.244.2.5'];

interface Shop {
  readonly entries: readonly string[];
  readonly endpoints?: readonly string[];
  readonly chains?: readonly string[];
  readonly mode?: ServiceView['mode'];
}

function found(
  state: NodeState,
  { entries, endpoints = pods, chains = [], mode = 'iptables' }: Shop,
) {
  const service: ServiceView = {
    servicePort: { namespace: 'shop', name: 'web', port: '' },
    title: 'shop/web',
    protocol: 6,
    mode,
    entries: entries.map(entry),
    *readEndpoints() {
      return endpoints.map((address) => ({
        address: parseAddress(address)!,
        port: 8080,
        share: undefined,
        range,
      }));
    },
    chains,
    range,
  };
  return { service, family: 4, ruleset: state.rulesets[0], table: undefined } as const;
}

/** `Pod on this node: 10.244.1.250 by cni0 > 10.96.0.10:80` of each packet. */
function asked(state: NodeState, shop: Shop, ping = false): string[] {
  return finish(askersOf(state, found(state, shop), ping)).map(({ label, packet }) => {
    const { source, inInterface, destination, destinationPort } = packet;
    const by = inInterface === undefined ? '' : ` by ${inInterface}`;
    return `${label}: ${formatAddress(source)}${by} > ${withPort(destination, destinationPort)}`;
  });
}

function assumed(state: NodeState, shop: Shop): string[] {
  const all = finish(askersOf(state, found(state, shop))).flatMap(({ assumptions }) => assumptions);
  return [...new Set(all)];
}

suite('the packets that show what a Service port does', () => {
  test('to the ClusterIP: of a pod here, and of the node by the source that its routes give', () => {
    assert.deepEqual(asked(node(), { entries: ['cluster-ip 10.96.0.10 80'] }), [
      'Pod on this node: 10.244.1.250 by cni0 > 10.96.0.10:80',
      'This node: 192.168.50.10 > 10.96.0.10:80',
    ]);
  });

  test('to a NodePort: from outside, of a pod elsewhere, and of the node', () => {
    const shop = { entries: ['node-port * 30080'] };
    assert.deepEqual(asked(node(), shop), [
      'Outside, NodePort: 192.0.2.7 by eth0 > 192.168.50.10:30080',
      'Pod elsewhere, NodePort: 10.244.2.250 by eth0 > 192.168.50.10:30080',
      'This node, NodePort: 192.168.50.10 > 192.168.50.10:30080',
    ]);
  });

  test('to an external IP, one of a load balancer, or what may be either: from outside', () => {
    for (const [kind, by] of [
      ['external-ip', 'external IP'],
      ['load-balancer-ip', 'load balancer IP'],
      ['external', 'external IP'],
    ]) {
      assert.deepEqual(asked(node(), { entries: [`${kind} 198.51.100.20 80`] }), [
        `Outside, ${by}: 192.0.2.7 by eth0 > 198.51.100.20:80`,
      ]);
    }
  });

  test('to a virtual server of which nothing tells the kind: of a pod', () => {
    assert.deepEqual(asked(node(), { entries: ['virtual 198.51.100.20 80'] }), [
      'Pod on this node, virtual server: 10.244.1.250 by cni0 > 198.51.100.20:80',
    ]);
  });

  test('the usual ways in first; of several of one kind each says which', () => {
    const entries = [
      'external-ip 198.51.100.21 80',
      'external-ip 198.51.100.20 80',
      'node-port * 30080',
      'cluster-ip 10.96.0.10 80',
    ];
    const labels = asked(node(), { entries }).map((text) => text.replace(/: \d.*/, ''));
    assert.deepEqual(labels, [
      'Pod on this node',
      'This node',
      'Outside, NodePort',
      'Pod elsewhere, NodePort',
      'This node, NodePort',
      'Outside, external IP 198.51.100.21:80',
      'Outside, external IP 198.51.100.20:80',
    ]);
  });

  test('one packet is asked once, an entry of the other family not at all', () => {
    const entries = ['cluster-ip 10.96.0.10 80', 'cluster-ip fd00::10 80'];
    assert.equal(asked(node(), { entries }).length, 2);
    const twice = ['external-ip 198.51.100.20 80', 'external-ip 198.51.100.20 80'];
    assert.equal(asked(node(), { entries: twice }).length, 1);
  });

  test('a ping is one more, of a pod, to the ClusterIP alone', () => {
    const cluster = { entries: ['node-port * 30080', 'cluster-ip 10.96.0.10 80'] };
    assert.deepEqual(asked(node(), cluster, true).slice(-1), [
      'Ping to the ClusterIP: 10.244.1.250 by cni0 > 10.96.0.10',
    ]);
    assert.equal(asked(node(), cluster).length, asked(node(), cluster, true).length - 1);
    const outside = { entries: ['external-ip 198.51.100.20 80'] };
    assert.deepEqual(asked(node(), outside, true), asked(node(), outside));
  });

  test('an external IP that is the node’s own is no address of its NodePorts', () => {
    const entries = [
      'external-ip 192.168.50.10 80',
      'node-port 10.244.1.1 30080',
      'node-port 172.17.0.1 30080',
    ];
    const to = asked(node(), { entries, mode: 'ipvs' }).map((text) => text.replace(/.* > /, ''));
    assert.deepEqual(
      [...new Set(to)],
      ['10.244.1.1:30080', '172.17.0.1:30080', '192.168.50.10:80'],
    );
  });

  // IPVS has a virtual server for each of the node's addresses (pkg/proxy/ipvs/proxier.go).
  test('a NodePort of ipvs mode is asked at the address by which clients come', () => {
    const ports = ['10.244.1.1', '192.168.50.10', '172.17.0.1'];
    const entries = ports.map((address) => `node-port ${address} 30080`);
    const to = (shop: Shop) => asked(node(), shop).map((text) => text.replace(/.* > /, ''));
    assert.deepEqual([...new Set(to({ entries, mode: 'ipvs' }))], ['192.168.50.10:30080']);
    // Where none of them is that, at each: --nodeport-addresses leaves it out.
    const others = entries.filter((text) => !text.includes('192.168'));
    assert.deepEqual(
      [...new Set(to({ entries: others, mode: 'ipvs' }))],
      ['10.244.1.1:30080', '172.17.0.1:30080'],
    );
  });
});

// loadBalancerSourceRanges: KUBE-FW- jumps on for each, and drops the others (iptables/proxier.go).
suite('the packets of a Service with source ranges', () => {
  const entries = ['load-balancer-ip 198.51.100.20 80'];
  const firewall = (...sources: string[]) =>
    node({
      rules: [
        '*nat',
        ':KUBE-FW-A - [0:0]',
        ':KUBE-FW-B - [0:0]',
        ':KUBE-EXT-A - [0:0]',
        ...sources.map((source) => `-A KUBE-FW-A -s ${source} -j KUBE-EXT-A`),
        '-A KUBE-FW-B -s 100.64.0.0/10 -j KUBE-EXT-A',
        '-A KUBE-EXT-A -s 10.244.0.0/16 -j ACCEPT',
      ].join('\n'),
    });
  const shop = { entries, chains: ['KUBE-EXT-A', 'KUBE-FW-A'] };

  test('one of each range, and one that is in none', () => {
    assert.deepEqual(asked(firewall('203.0.113.0/24', '192.0.2.0/24'), shop), [
      'Allowed, load balancer IP: 203.0.113.7 by eth0 > 198.51.100.20:80',
      'Allowed, load balancer IP: 192.0.2.7 by eth0 > 198.51.100.20:80',
      'Refused, load balancer IP: 198.51.100.7 by eth0 > 198.51.100.20:80',
    ]);
  });

  test('of many the first three, which all lead the same way; of one address that one', () => {
    const ranges = ['203.0.113.9/32', '203.0.113.16/28', '172.16.0.0/12', '172.20.0.0/16'];
    assert.deepEqual(
      asked(firewall(...ranges), shop).map((text) => text.replace(/.*: (\S+) .*/, '$1')),
      ['203.0.113.9', '203.0.113.23', '172.16.0.7', '192.0.2.7'],
    );
  });

  test('a range of the pods is none of clients outside, nor the load balancer itself', () => {
    const sources = ['10.244.0.0/16', '198.51.100.20/32', '203.0.113.0/24'];
    assert.deepEqual(
      asked(firewall(...sources), shop).map((text) => text.replace(/ by .*/, '')),
      ['Allowed, load balancer IP: 203.0.113.7', 'Refused, load balancer IP: 192.0.2.7'],
    );
    // The hairpin rule alone is no range at all.
    assert.deepEqual(asked(firewall('198.51.100.20/32'), shop), [
      'Outside, load balancer IP: 192.0.2.7 by eth0 > 198.51.100.20:80',
    ]);
  });

  test('what is refused and what is not of the chain are no ranges', () => {
    const other = { entries, chains: ['KUBE-EXT-A'] };
    assert.equal(asked(firewall('203.0.113.0/24'), other).length, 1);
    const negated = node({
      rules: '*nat\n:KUBE-FW-A - [0:0]\n-A KUBE-FW-A ! -s 203.0.113.0/24 -j DROP',
    });
    assert.deepEqual(asked(negated, shop), [
      'Outside, load balancer IP: 192.0.2.7 by eth0 > 198.51.100.20:80',
    ]);
  });

  test('an external IP has none', () => {
    const external = { ...shop, entries: ['external-ip 198.51.100.20 80'] };
    assert.deepEqual(asked(firewall('203.0.113.0/24'), external), [
      'Outside, external IP: 192.0.2.7 by eth0 > 198.51.100.20:80',
    ]);
  });

  test('in ipvs mode they are the third part of the elements of its address and port', () => {
    const sets = [
      'create KUBE-LOAD-BALANCER-SOURCE-CIDR hash:ip,port,net family inet',
      'add KUBE-LOAD-BALANCER-SOURCE-CIDR 198.51.100.20,tcp:80,203.0.113.0/24',
      'add KUBE-LOAD-BALANCER-SOURCE-CIDR 198.51.100.20,tcp:443,172.16.0.0/12',
      'add KUBE-LOAD-BALANCER-SOURCE-CIDR 198.51.100.21,tcp:80,172.17.0.0/16',
      '',
    ].join('\n');
    assert.deepEqual(
      asked(node({ sets }), { entries, mode: 'ipvs' }).map((text) => text.replace(/ by .*/, '')),
      ['Allowed, load balancer IP: 203.0.113.7', 'Refused, load balancer IP: 192.0.2.7'],
    );
    const external = { entries: ['external-ip 198.51.100.20 80'], mode: 'ipvs' } as const;
    assert.equal(asked(node({ sets }), external).length, 1);
  });
});

suite('what the packets of a Service assume', () => {
  const cluster = { entries: ['cluster-ip 10.96.0.10 80'] };

  test('nothing where the dumps tell it', () => {
    assert.deepEqual(assumed(node(), cluster), []);
    assert.deepEqual(assumed(node(), { entries: ['node-port * 30080'] }), []);
  });

  test('without addresses one for documentation stands for the node\u2019s', () => {
    const bare = node({ addresses: null, routes: null });
    assert.deepEqual(asked(bare, cluster), [
      'Pod on this node: 10.244.1.250 by cni0 > 10.96.0.10:80',
      'This node: 192.0.2.2 > 10.96.0.10:80',
    ]);
    const told = assumed(bare, cluster).join('\n');
    assert.match(told, /ip addr.*192\.0\.2\.2 stands for the node's address/);
    assert.match(
      told,
      /the route to the pods of this node is not known: cni0 stands for its device/,
    );
    const ports = assumed(bare, { entries: ['node-port * 30080'] }).join('\n');
    assert.match(ports, /the default route is not known: eth0 stands for its device/);
    // To an address that is told, from a device, the node's own does not matter.
    const external = assumed(bare, { entries: ['external-ip 198.51.100.20 80'] }).join('\n');
    assert.doesNotMatch(external, /stands for the node's address/);
  });

  test('in ipvs mode the node asks from the ClusterIP, which kube-ipvs0 holds', () => {
    const bare = node({ addresses: null, routes: null });
    const shop = { ...cluster, mode: 'ipvs' } as const;
    assert.equal(asked(bare, shop).at(-1), 'This node: 10.96.0.10 > 10.96.0.10:80');
    assert.match(assumed(bare, shop).join('\n'), /kube-ipvs0 is taken to hold 10\.96\.0\.10/);
    const port = { entries: ['node-port 192.168.50.10 30080'], mode: 'ipvs' } as const;
    assert.equal(
      asked(bare, port).at(-1),
      'This node, NodePort: 192.168.50.10 > 192.168.50.10:30080',
    );
    assert.doesNotMatch(assumed(bare, port).join('\n'), /kube-ipvs0/);
  });
});
