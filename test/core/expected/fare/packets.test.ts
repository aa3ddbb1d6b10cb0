import assert from 'node:assert/strict';
import { formatAddress, type Family } from '../../../../src/core/address';
import { compareFares } from '../../../../src/core/expected/fare/compareFares';
import {
  packetsOf,
  packetsOfNone,
  sendersOf,
  type ComparedPacket,
} from '../../../../src/core/expected/fare/packets';
import { servicePortsOf } from '../../../../src/core/expected/servicePorts';
import type { NodeState } from '../../../../src/core/node';
import { headerText } from '../../../../src/core/trace/headerText';
import { finish } from '../../../../src/core/work';
import { ipAddressParser } from '../../../../src/syntax/ip/address';
import { parseIpRoute } from '../../../../src/syntax/ip/route';
import { parseLines } from '../../../../src/syntax/lines';
import { inputOf, type Cluster } from '../byHand';
import { madeNode } from '../agreement/madeNode';

const ipAddr = `1: lo: <UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
    inet 198.51.100.1/32 scope global lo
2: eth0: <UP> mtu 1500
    inet 192.168.77.10/24 scope global eth0
    inet 192.168.77.11/24 scope global secondary eth0
    inet 169.254.7.7/16 scope link eth0
    inet6 fe80::1/64 scope link
3: kube-ipvs0: <BROADCAST,NOARP> mtu 1500
    inet 10.96.0.5/32 scope global kube-ipvs0
4: cni0: <UP> mtu 1500
    inet 10.244.0.1/24 scope global cni0
`;
const six = '5: eth1: <UP> mtu 1500\n    inet6 fd00::10/64 scope global\n';
const ipRoute = `default via 192.168.77.1 dev eth0
10.244.0.0/24 dev cni0 proto kernel scope link src 10.244.0.1
192.168.77.0/24 dev eth0 proto kernel scope link src 192.168.77.10
`;

function nodeOf(addresses = ipAddr, routes: string | undefined = ipRoute): NodeState {
  return {
    name: 'node-a',
    rulesets: [],
    interfaces: parseLines(addresses, ipAddressParser('a')).value,
    ...(routes !== undefined && { routes: parseIpRoute(routes, 'r').value }),
    findings: [],
  };
}

/** `a Pod to the ClusterIP: 10.244.0.250:40000 > 10.96.0.5:80 tcp in by cni0`. */
function told({ kind, packet }: ComparedPacket): string {
  const names: Readonly<Record<number, string>> = {
    1: 'icmp',
    6: 'tcp',
    17: 'udp',
    58: 'icmp6',
    132: 'sctp',
  };
  const by = packet.inInterface === undefined ? '' : ` in by ${packet.inInterface}`;
  return `${kind}: ${headerText(packet)} ${names[packet.protocol]}${by}`;
}

function packets(cluster: Cluster, node = nodeOf(), family: Family = 4): readonly string[] {
  const input = inputOf(cluster, 'iptables');
  const senders = sendersOf(node, input, family)!;
  const [port] = finish(servicePortsOf(input, family));
  return packetsOf(port!, senders).map(told);
}

const toClusterIp = [
  'a Pod to the ClusterIP: 10.244.0.250:40000 > 10.96.0.5:80 tcp in by cni0',
  'the node to the ClusterIP: 192.168.77.10:40000 > 10.96.0.5:80 tcp',
  'outside to the ClusterIP: 192.0.2.10:40000 > 10.96.0.5:80 tcp in by eth0',
  'a Pod to the ClusterIP, wrong port: 10.244.0.250:40000 > 10.96.0.5:81 tcp in by cni0',
  'a Pod to the ClusterIP, wrong protocol: 10.244.0.250:40000 > 10.96.0.5:81 udp in by cni0',
  'a ping of a Pod to the ClusterIP: 10.244.0.250:1 > 10.96.0.5 icmp in by cni0',
  '127.0.0.1 to the ClusterIP: 127.0.0.1:40000 > 10.96.0.5:80 tcp',
];
const nodePort = { name: 'http', port: 80, nodePort: 30080, protocol: 'TCP' };

suite('the packets that show what a Service port does', () => {
  test('of a ClusterIP', () => assert.deepEqual(packets({}), toClusterIp));

  test('of UDP the other protocol is TCP; the wrong port is none of the Service’s', () => {
    const ports = [
      { name: 'http', port: 65535, protocol: 'UDP' },
      { name: 'one', port: 1, protocol: 'TCP' },
      { name: 'two', port: 2, protocol: 'TCP' },
    ];
    const wrong = packets({ spec: { ports } }).filter((text) => text.includes('wrong'));
    assert.deepEqual(wrong, [
      'a Pod to the ClusterIP, wrong port: 10.244.0.250:40000 > 10.96.0.5:3 udp in by cni0',
      'a Pod to the ClusterIP, wrong protocol: 10.244.0.250:40000 > 10.96.0.5:3 tcp in by cni0',
    ]);
    const last = { ...ports[0]!, port: 65534 };
    const [round] = packets({
      spec: { ports: [last, { ...last, name: 'x', port: 65535 }] },
    }).filter((text) => text.includes('wrong'));
    assert.match(round!, /> 10\.96\.0\.5:1 /);
    const sctp = packets({
      spec: { ports: [{ ...nodePort, nodePort: undefined, protocol: 'SCTP' }] },
    });
    assert.match(sctp[0]!, /:80 sctp in/);
    assert.match(sctp[4]!, /:81 udp in/);
  });

  test('of a NodePort: on each address of the node, and on localhost', () => {
    const found = packets({ spec: { type: 'NodePort', ports: [nodePort] } });
    assert.deepEqual(found.slice(0, toClusterIp.length), toClusterIp);
    const [first, second, third] = ['192.168.77.10', '192.168.77.11', '10.244.0.1'] as const;
    const other = 'NodePort on another address of the node';
    assert.deepEqual(found.slice(toClusterIp.length), [
      `outside to the NodePort: 192.0.2.10:40000 > ${first}:30080 tcp in by eth0`,
      `the node to the NodePort: ${first}:40000 > ${first}:30080 tcp`,
      `outside to the ${other}: 192.0.2.10:40000 > ${second}:30080 tcp in by eth0`,
      `the node to the ${other}: ${second}:40000 > ${second}:30080 tcp`,
      `outside to the ${other}: 192.0.2.10:40000 > ${third}:30080 tcp in by eth0`,
      `the node to the ${other}: ${third}:40000 > ${third}:30080 tcp`,
      `a Pod to the NodePort: 10.244.0.250:40000 > ${first}:30080 tcp in by cni0`,
      'the node to the NodePort on localhost: 127.0.0.1:40000 > 127.0.0.1:30080 tcp',
    ]);
  });

  test('of external IPs and a balancer: from whom its sources allow, too', () => {
    const found = packets({
      spec: {
        type: 'LoadBalancer',
        externalIPs: ['203.0.113.7'],
        externalTrafficPolicy: 'Local',
        healthCheckNodePort: 32000,
        loadBalancerSourceRanges: ['198.51.100.0/24'],
      },
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.9' }] } },
    }).slice(toClusterIp.length);
    const of = (what: string, ip: string) => [
      `outside to the ${what}: 192.0.2.10:40000 > ${ip}:80 tcp in by eth0`,
      `the node to the ${what}: 192.168.77.10:40000 > ${ip}:80 tcp`,
      `a Pod to the ${what}: 10.244.0.250:40000 > ${ip}:80 tcp in by cni0`,
      `outside to the ${what}, wrong port: 192.0.2.10:40000 > ${ip}:81 tcp in by eth0`,
    ];
    assert.deepEqual(found, [
      ...of('external IP', '203.0.113.7'),
      ...of('load balancer IP', '203.0.113.9'),
      'an allowed source to the load balancer IP: 198.51.100.1:40000 > 203.0.113.9:80 tcp in by eth0',
      'outside to the health check port: 192.0.2.10:40000 > 192.168.77.10:32000 tcp in by eth0',
    ]);
  });

  test('an allowed source is none of its own where the outsider is allowed', () => {
    const found = packets({
      spec: { type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.0/24'] },
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.9' }] } },
    });
    assert.ok(!found.some((text) => text.startsWith('an allowed source')));
  });

  test('of IPv6: nothing from 127.0.0.1, and a node without addresses of it sends none', () => {
    const cluster: Cluster = { spec: { clusterIPs: ['10.96.0.5', 'fd00:96::5'] } };
    const input = inputOf(cluster, 'iptables');
    assert.equal(sendersOf(nodeOf(), input, 6), undefined);
    // No Pods of the family: the Node has no podCIDR of it.
    assert.deepEqual(packets(cluster, nodeOf(ipAddr + six), 6), [
      'the node to the ClusterIP: [fd00::10]:40000 > [fd00:96::5]:80 tcp',
      'outside to the ClusterIP: [2001:db8::10]:40000 > [fd00:96::5]:80 tcp in by eth0',
    ]);
  });
});

suite('who sends them', () => {
  const input = inputOf({}, 'iptables');
  const senders = (node: NodeState) => {
    const { pod, outside, node: own } = sendersOf(node, input, 4)!;
    const at = (place: typeof pod) => place && `${formatAddress(place.source)} ${place.device}`;
    return { pod: at(pod), outside: at(outside), node: own.map(formatAddress) };
  };

  test('the node by the source of its default route, then its other addresses, four at the most', () => {
    assert.deepEqual(senders(nodeOf()), {
      pod: '10.244.0.250 cni0',
      outside: '192.0.2.10 eth0',
      node: ['192.168.77.10', '192.168.77.11', '10.244.0.1'],
    });
    const more = [1, 2, 3].map((i) => `    inet 192.168.78.${i}/24 scope global eth0\n`).join('');
    const src = ipRoute.replace('dev eth0\n', 'dev eth0 src 192.168.77.11\n');
    assert.deepEqual(senders(nodeOf(ipAddr + more, src)).node, [
      '192.168.77.11',
      '192.168.77.10',
      '10.244.0.1',
      '192.168.78.1',
    ]);
  });

  test('without routes the first address, and no device but the usual one', () => {
    const { routes: _, ...bare } = nodeOf();
    assert.deepEqual(senders(bare), {
      pod: '10.244.0.250 undefined',
      outside: '192.0.2.10 eth0',
      node: ['192.168.77.10', '192.168.77.11', '10.244.0.1'],
    });
    const other = nodeOf(ipAddr, 'default via 192.168.77.1 dev ens3\n');
    assert.equal(senders(other).outside, '192.0.2.10 ens3');
    assert.equal(sendersOf({ ...bare, interfaces: undefined! }, input, 4), undefined);
  });

  test('an address of the Service range that no Service has, for Pods', () => {
    const cidr = (...cidrs: string[]) => ({
      kind: 'ServiceCIDR',
      metadata: { name: 'a' },
      spec: { cidrs },
    });
    const taken = {
      kind: 'Service',
      metadata: { namespace: 'shop', name: 'other' },
      spec: { clusterIP: '10.96.0.200', clusterIPs: ['10.96.0.200'], ports: [{ port: 1 }] },
    };
    const none = (cluster: Cluster, node = nodeOf()) => {
      const of = inputOf(cluster, 'iptables');
      return packetsOfNone(of, sendersOf(node, of, 4)!).map(told);
    };
    const kind = 'a Pod to an address of the Service range that no Service has';
    const to = (ip: string) => [`${kind}: 10.244.0.250:40000 > ${ip}:80 tcp in by cni0`];
    assert.deepEqual(none({ objects: [cidr('10.96.0.0/16')] }), to('10.96.0.200'));
    assert.deepEqual(
      none({ objects: [cidr('fd00::/112', '10.96.0.0/16'), taken] }),
      to('10.96.0.201'),
    );
    assert.deepEqual(none({}), []);
    const full = Array.from({ length: 50 }, (_, i) => ({
      ...taken,
      metadata: { namespace: 'shop', name: `other-${i}` },
      spec: { ...taken.spec, clusterIPs: [`10.96.0.${200 + i}`] },
    }));
    assert.deepEqual(
      none({ objects: [cidr('10.96.0.0/16', '10.97.0.0/16'), ...full] }),
      to('10.97.0.200'),
    );
  });
});

suite('packets traced through two nodes', () => {
  test('those that fare differently, with the rule of each side; what is unknown is no difference', async () => {
    const cluster: Cluster = { spec: { type: 'NodePort', ports: [nodePort] } };
    const right = await madeNode(cluster, 'iptables');
    const lost = await madeNode(cluster, 'iptables', (text) =>
      text.replace(/^-A KUBE-NODEPORTS .*\n/gm, ''),
    );
    const at = (state: NodeState): NodeState => ({
      ...state,
      ...nodeRest(),
      rulesets: state.rulesets,
    });
    const input = inputOf(cluster, 'iptables');
    const senders = sendersOf(at(right.state), input, 4)!;
    const [port] = finish(servicePortsOf(input, 4));
    const sent = packetsOf(port!, senders);
    const compare = (left: NodeState, other: NodeState) =>
      finish(compareFares(left, other, sent, new Set()));
    assert.deepEqual(compare(at(right.state), at(right.state)), []);
    const found = compare(at(right.state), at(lost.state));
    assert.ok(found.length > 0);
    for (const { kind, aspects, left, right: after } of found) {
      assert.match(kind, /NodePort/);
      assert.ok(aspects.includes('hears'));
      assert.equal(left.rule?.source, 'iptables-save.txt', kind);
      // Nothing took it on the other side.
      assert.equal(after.rule, undefined, kind);
    }
    // A chain that no dump shows: what it does with the packet is not known.
    const blind = await madeNode(cluster, 'iptables', (text) =>
      text.replace(/^:PREROUTING .*\n/m, '$&-A PREROUTING -j NOT-IN-THE-DUMP\n'),
    );
    assert.deepEqual(
      compare(at(right.state), at(blind.state)).filter(({ packet }) => packet.inInterface),
      [],
    );
  });

  function nodeRest() {
    const local = ['192.168.77.10', '192.168.77.11', '10.244.0.1', '127.0.0.0/8'].map(
      (own) => `local ${own} dev lo table local proto kernel scope host\n`,
    );
    const { interfaces, routes } = nodeOf(ipAddr, ipRoute + local.join(''));
    const sysctls = new Map([
      ['net.ipv4.ip_forward', '1'],
      ['net.ipv4.conf.all.route_localnet', '1'],
    ]);
    return { interfaces: interfaces!, routes: routes!, sysctls };
  }
});
