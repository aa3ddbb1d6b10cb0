import assert from 'node:assert/strict';
import { parseAddress, parseNetwork } from '../../../src/core/address';
import {
  endpointsAt,
  nodeFactsAt,
  objectFactsAt,
  objectFactsOfNetwork,
  servicesAt,
  specialAddress,
} from '../../../src/core/describe/address';
import { indexObjects } from '../../../src/core/objects/objectIndex';
import { sortObjects } from '../../../src/core/objects/types';
import type { ServiceView } from '../../../src/core/service';
import { parseIpAddress } from '../../../src/syntax/ip/address';
import { readObject } from '../../../src/syntax/objects/readObject';
import { finish } from '../../../src/core/work';

const at = (text: string) => parseAddress(text)!;
const texts = (facts: readonly { readonly text: string }[]) => facts.map(({ text }) => text);
const range = { source: 'dump', line: 0, start: 0, end: 0 };

suite('what an address is', () => {
  for (const [address, text] of [
    ['127.0.0.1', 'loopback: this node itself'],
    ['127.8.9.1', 'loopback: this node itself'],
    ['128.0.0.1', undefined],
    ['::1', 'loopback: this node itself'],
    ['::2', undefined],
    ['0.0.0.0', 'any address'],
    ['0.0.0.1', undefined],
    ['169.254.25.10', 'link-local (169.254.0.0/16): metadata services, node-local DNS'],
    ['169.253.25.10', undefined],
    ['fe80::1', 'link-local (fe80::/10)'],
    ['febf::1', 'link-local (fe80::/10)'],
    ['fec0::1', undefined],
    ['224.0.0.1', 'multicast'],
    ['239.1.2.3', 'multicast'],
    ['240.0.0.1', undefined],
    ['ff02::1', 'multicast'],
    ['fe00::1', undefined],
    ['10.0.0.1', undefined],
    ['fd00::1', undefined],
  ] as const) {
    test(`${address}: ${text ?? 'nothing by itself'}`, () => {
      assert.equal(specialAddress(at(address)), text);
    });
  }

  test('of the node: its own, else the networks that it is in', () => {
    const interfaces = parseIpAddress(
      `1: eth0: <UP> mtu 1500
    inet 192.168.50.10/24 scope global eth0
    inet6 fd00:50::10/64 scope global
2: cni0: <UP> mtu 1500
    inet 192.168.50.200/25 scope global cni0
3: kube-ipvs0: <NOARP> mtu 1500
    inet 10.96.0.5/32 scope global kube-ipvs0
`,
      'addresses',
    ).value;
    const said = (text: string) =>
      texts(nodeFactsAt({ interfaces, name: 'node-a', rulesets: [], findings: [] }, at(text)));
    assert.deepEqual(said('192.168.50.10'), ['an address of eth0 of node-a']);
    assert.deepEqual(said('10.96.0.5'), [
      'an address of kube-ipvs0 of node-a (ipvs mode: holds every Service address)',
    ]);
    assert.deepEqual(said('192.168.50.11'), ['in the network of eth0 of node-a, 192.168.50.0/24']);
    assert.deepEqual(said('192.168.50.201'), [
      'in the network of eth0 of node-a, 192.168.50.0/24',
      'in the network of cni0 of node-a, 192.168.50.128/25',
    ]);
    assert.deepEqual(said('fd00:50::99'), ['in the network of eth0 of node-a, fd00:50::/64']);
    assert.deepEqual(said('192.168.51.1'), []);
  });

  test('of the Services: a way in, an endpoint of any port or of one', () => {
    const service = {
      title: 'shop/web:http',
      protocol: 6,
      entries: [
        { kind: 'cluster-ip', address: at('10.96.0.5'), port: 80, range },
        { kind: 'external-ip', address: at('203.0.113.7'), port: 80, range },
        { kind: 'node-port', port: 30080, range },
      ],
      *readEndpoints() {
        return [8080, 8081].map((port) => ({ address: at('10.244.0.5'), port, range }));
      },
    } as unknown as ServiceView;
    assert.deepEqual(texts(servicesAt([service], at('10.96.0.5'))), [
      'ClusterIP of shop/web:http, port 80/tcp',
    ]);
    assert.deepEqual(servicesAt([service], at('10.96.0.6')), []);
    const endpoints = (port?: number) =>
      texts(finish(endpointsAt([service], at('10.244.0.5'), port)));
    assert.equal(endpoints().length, 2);
    assert.deepEqual(endpoints(8081), ['endpoint 10.244.0.5:8081 of shop/web:http']);
    assert.deepEqual(endpoints(80), []);
    assert.deepEqual(finish(endpointsAt([service], at('10.244.0.6'))), []);
  });

  test('of the objects: Services, nodes, Pods and where they run', () => {
    const pod = (name: string, ip: string, more: object) => ({
      kind: 'Pod',
      metadata: { namespace: 'shop', name },
      spec: { ...more },
      status: { podIP: ip, podIPs: [{ ip }], phase: 'Running' },
    });
    const sorted = sortObjects(
      [
        pod('web', '10.244.0.5', { nodeName: 'node-a' }),
        pod('host', '192.168.50.10', { nodeName: 'node-a', hostNetwork: true }),
        {
          kind: 'Node',
          metadata: { name: 'node-a' },
          spec: { podCIDRs: ['10.244.0.0/24', 'fd00:10::/64'] },
          status: { addresses: [{ type: 'InternalIP', address: '192.168.50.10' }] },
        },
      ].flatMap((value) => readObject(value) ?? []),
    );
    const index = indexObjects(sorted);
    assert.deepEqual(texts(objectFactsAt(index, at('10.244.0.5'))), ['pod shop/web on node-a']);
    assert.deepEqual(texts(objectFactsAt(index, at('192.168.50.10'))), [
      'node node-a',
      'pod shop/host on node-a, in the network of the host',
    ]);
    const ofNetwork = (text: string) => texts(objectFactsOfNetwork(sorted, parseNetwork(text)!));
    assert.deepEqual(ofNetwork('10.244.0.0/24'), ['the pod CIDR of node node-a']);
    assert.deepEqual(ofNetwork('10.244.0.0/16'), [
      'holds 10.244.0.0/24, the pod CIDR of node node-a',
    ]);
    assert.deepEqual(ofNetwork('10.245.0.0/16'), []);
    assert.deepEqual(ofNetwork('fd00:10::/64'), ['the pod CIDR of node node-a']);
  });
});
