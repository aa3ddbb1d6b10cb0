import assert from 'node:assert/strict';
import {
  countReady,
  endpointsByService,
  listedEndpoints,
  portEndpoints,
} from '../../../src/core/objects/endpoints';
import { indexObjects } from '../../../src/core/objects/objectIndex';
import { takenSlices } from '../../../src/core/objects/slices';
import { parseObjects } from '../../../src/syntax/objects/objects';

const endpoints = `apiVersion: v1
kind: Endpoints
metadata: { name: web, namespace: shop }
subsets:
  - addresses:
      - { ip: 10.244.0.5, nodeName: node-a, targetRef: { kind: Pod, name: web-1, namespace: shop } }
      - { ip: 'fd00:0::5' }
    notReadyAddresses: [{ ip: 10.244.0.6 }]
    ports: [{ name: http, port: 8080 }]
`;

const slice = `---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: other-x, namespace: shop, labels: { kubernetes.io/service-name: other } }
addressType: IPv4
ports: [{ name: http, port: 80 }, { name: https, port: 443 }]
endpoints:
  - { addresses: [10.244.0.7, 10.244.0.8], zone: east, conditions: { ready: false } }
  - { addresses: [10.244.0.7], zone: west }
  - { addresses: [not-an-address] }
  - { addresses: [] }
`;

async function read(text: string) {
  return (await parseObjects(text, 'objects.yaml')).value;
}

const http = { name: 'http', protocol: 'TCP' };

suite('endpoints of a Service', () => {
  test('Endpoints stand for slices where there are none', async () => {
    const own = indexObjects(await read(endpoints)).slicesOf('shop', 'web');
    const of = (family: 4 | 6) =>
      portEndpoints(own, http, family).map(({ address, ready, serving, nodeName }) => {
        return { address, ready, serving, nodeName };
      });
    assert.deepEqual(of(4), [
      { address: '10.244.0.5:8080', ready: true, serving: true, nodeName: 'node-a' },
      { address: '10.244.0.6:8080', ready: false, serving: false, nodeName: undefined },
    ]);
    assert.deepEqual(of(6), [
      { address: '[fd00::5]:8080', ready: true, serving: true, nodeName: undefined },
    ]);
    assert.deepEqual(countReady(listedEndpoints(own)), { ready: 2, all: 3 });
  });

  test('where the cluster has slices, Endpoints without one are no endpoints', async () => {
    const index = indexObjects(await read(endpoints + slice));
    assert.deepEqual(index.slicesOf('shop', 'web'), []);
    assert.equal(index.slicesOf('shop', 'other').length, 1);
  });

  test('a release before 1.19 reads Endpoints although there are slices', async () => {
    const objects = await read(endpoints + slice);
    const names = (release: number) =>
      takenSlices(objects, release).map(({ metadata }) => metadata.name);
    assert.deepEqual([...new Set(names(18))], ['web']);
    assert.deepEqual(names(19), ['other-x']);
  });

  test('the first address of each, once, with all ports; the ready one counts', async () => {
    const listed = endpointsByService((await read(slice)).endpointSlices).get('shop/other');
    assert.deepEqual(
      listed?.map(({ address, ready, zone }) => ({ address, ready, zone })),
      [{ address: '10.244.0.7', ready: true, zone: 'west' }],
    );
    assert.deepEqual([...new Set(listed?.[0]?.ports.map(({ name }) => name))], ['http', 'https']);
  });
});
