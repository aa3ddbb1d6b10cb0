import assert from 'node:assert/strict';
import { endpointFacts } from '../../../src/core/flow/endpointFacts';
import { indexObjects } from '../../../src/core/objects/objectIndex';
import type { ServiceView } from '../../../src/core/service';
import { parseObjects } from '../../../src/syntax/objects/objects';

const yaml = `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: web-x, namespace: shop, labels: { kubernetes.io/service-name: web } }
addressType: IPv4
ports: [{ name: http, port: 80, protocol: TCP }]
endpoints:
  - addresses: [10.244.0.5]
    nodeName: node-a
    conditions: { ready: true }
    targetRef: { kind: Pod, name: web-1, namespace: shop }
  - addresses: [10.244.1.6]
    nodeName: node-b
    conditions: { ready: false, serving: true, terminating: true }
    targetRef: { kind: Pod, name: web-2, namespace: shop }
  - addresses: [10.244.1.7]
    nodeName: node-b
    conditions: { ready: false }
    targetRef: { kind: Pod, name: web-3, namespace: shop }
`;

async function facts(text: string) {
  const { value } = await parseObjects(text, 'objects.yaml', () => Promise.resolve());
  const servicePort = { namespace: 'shop', name: 'web', port: 'http' };
  return endpointFacts(indexObjects(value), { servicePort } as ServiceView);
}

suite('what objects say of an endpoint', () => {
  test('pod, node and state', async () => {
    const of = await facts(yaml);
    assert.deepEqual(of('10.244.0.5:80'), { detail: 'web-1', place: 'node-a' });
    assert.deepEqual(of('10.244.1.6:80'), {
      detail: 'web-2, terminating, serving',
      place: 'node-b',
    });
    assert.deepEqual(of('10.244.1.7:80'), { detail: 'web-3, not ready', place: 'node-b' });
  });

  const hostNetwork = (name: string, address = '10.244.0.5') => `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop }
spec: { nodeName: node-x, hostNetwork: true }
status: { podIPs: [{ ip: ${address} }] }
`;

  test('of several Pods with a node’s own address the one that the EndpointSlice names', async () => {
    const of = await facts(`${hostNetwork('proxy')}${hostNetwork('web-1')}---\n${yaml}`);
    assert.deepEqual(of('10.244.0.5:80'), { detail: 'web-1', place: 'node-a' });
    // The Pods at hand may be of another time: the slice has the name all the same.
    const others = await facts(`${hostNetwork('proxy')}${hostNetwork('agent')}---\n${yaml}`);
    assert.deepEqual(others('10.244.0.5:80'), { detail: 'web-1', place: 'node-a' });
  });

  test('a Pod alone at an address is it, where no EndpointSlice tells', async () => {
    const alone = await facts(hostNetwork('proxy', '10.244.7.7'));
    assert.deepEqual(alone('10.244.7.7:80'), { detail: 'proxy', place: 'node-x' });
    const several = await facts(`${hostNetwork('proxy')}${hostNetwork('agent')}`);
    assert.equal(several('10.244.0.5:80'), undefined);
    const six = await facts(hostNetwork('proxy', 'fd00::7'));
    assert.deepEqual(six('[fd00::7]:80'), { detail: 'proxy', place: 'node-x' });
  });

  test('one that ends, and serves or not', async () => {
    const of = await facts(yaml.replace('serving: true', 'serving: false'));
    assert.equal(of('10.244.1.6:80')?.detail, 'web-2, terminating');
  });

  test('one that the dump has and no EndpointSlice', async () => {
    const of = await facts(yaml);
    assert.deepEqual(of('10.244.9.9:80'), {
      detail: 'not in the EndpointSlice',
      place: undefined,
    });
  });

  test('without objects nothing is said', async () => {
    const of = await facts('');
    assert.equal(of('10.244.0.5:80'), undefined);
  });
});
