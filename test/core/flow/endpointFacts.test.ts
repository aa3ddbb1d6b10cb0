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
