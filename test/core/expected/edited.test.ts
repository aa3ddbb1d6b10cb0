import assert from 'node:assert/strict';
import { withEdited, type Edited } from '../../../src/core/expected/edited';
import type { ClusterObjects } from '../../../src/core/objects/types';
import { sortObjects } from '../../../src/core/objects/types';
import { readObject } from '../../../src/syntax/objects/readObject';

function objectsOf(...values: readonly object[]): ClusterObjects {
  return sortObjects(values.flatMap((value) => readObject(value) ?? []));
}

const metadata = { namespace: 'shop', name: 'cart' };
const service = (spec: object) => ({ kind: 'Service', apiVersion: 'v1', metadata, spec });
const pod = (name: string, ip: string, app: string) => ({
  kind: 'Pod',
  metadata: { namespace: 'shop', name, labels: { app } },
  spec: { nodeName: 'node-a', containers: [] },
  status: { phase: 'Running', podIPs: [{ ip }], conditions: [{ type: 'Ready', status: 'True' }] },
});
const edit = (value: object) => readObject(value) as Edited;

suite('objects as they would be', () => {
  test('a new Service gets addresses, a node port, and its Pods as endpoints', () => {
    const before = objectsOf(
      { kind: 'ServiceCIDR', metadata: { name: 'kubernetes' }, spec: { cidrs: ['10.96.0.0/16'] } },
      pod('a', '10.244.0.9', 'cart'),
      pod('b', '10.244.0.10', 'other'),
    );
    const ports = [{ port: 80, targetPort: 8080 }];
    const { objects, notes } = withEdited(before, [
      edit(service({ type: 'NodePort', selector: { app: 'cart' }, ports })),
    ]);
    const [only] = objects.services;
    assert.equal(only?.spec.clusterIP, '10.96.0.200');
    assert.equal(only.spec.ports[0]?.nodePort, 30000);
    const [slice] = objects.endpointSlices;
    assert.deepEqual(
      slice?.endpoints.map(({ addresses, ready }) => [addresses, ready]),
      [[['10.244.0.9'], true]],
    );
    assert.equal(slice.ports[0]?.port, 8080);
    assert.equal(notes.length, 3);
  });

  test('what the cluster has and the manifest leaves out stays', () => {
    const spec = { clusterIP: '10.96.4.4', clusterIPs: ['10.96.4.4'], type: 'NodePort' };
    const selector = { app: 'cart' };
    const before = objectsOf(
      service({ ...spec, selector, ports: [{ name: 'http', port: 80, nodePort: 31000 }] }),
      {
        kind: 'EndpointSlice',
        metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'cart' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['10.244.0.9'] }],
        ports: [{ name: 'http', port: 80 }],
      },
    );
    const edited = service({
      type: 'NodePort',
      selector,
      externalTrafficPolicy: 'Local',
      ports: [{ name: 'http', port: 80, targetPort: 8081 }],
    });
    const { objects, notes } = withEdited(before, [edit(edited)]);
    const [only] = objects.services;
    assert.equal(only?.spec.clusterIP, '10.96.4.4');
    assert.equal(only.spec.ports[0]?.nodePort, 31000);
    assert.equal(only.spec.externalTrafficPolicy, 'Local');
    assert.equal(objects.endpointSlices[0]?.ports[0]?.port, 8081);
    assert.deepEqual(notes, []);
  });
});
