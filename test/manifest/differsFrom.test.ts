import assert from 'node:assert/strict';
import type { EndpointSliceObject, ServiceObject } from '../../src/core/objects/types';
import { differsFrom } from '../../src/manifest/lens/differsFrom';
import type { Answer } from '../../src/manifest/lens/facts';
import { readObject } from '../../src/syntax/objects/readObject';
import { manifestOf } from './helper';

const service = (spec: string) =>
  manifestOf(
    `apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: ${spec}\n`,
  );
const slice = (name: string, address: string, port = 8080) =>
  manifestOf(
    `apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\naddressType: IPv4\nmetadata: {name: ${name}, namespace: shop, labels: {kubernetes.io/service-name: web}}\nports: [{name: http, port: ${port}}]\nendpoints: [{addresses: [${address}]}]\n`,
  );

/** The cluster has this Service, and of it one slice `web-1` with 10.0.0.1. */
function found(spec: object = {}): Answer {
  const held = {
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { clusterIP: '10.96.0.9', ports: [{ name: 'http', port: 80 }], ...spec },
  };
  const slices = [
    readObject({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      addressType: 'IPv4',
      metadata: {
        name: 'web-1',
        namespace: 'shop',
        labels: { 'kubernetes.io/service-name': 'web' },
      },
      ports: [{ name: 'http', port: 8080 }],
      endpoints: [{ addresses: ['10.0.0.1'] }],
    }) as EndpointSliceObject,
  ];
  const facts = { service: readObject(held) as ServiceObject, slices, ready: 1, all: 1 };
  return { state: 'found', facts: { ...facts, partial: undefined, proxy: undefined } };
}

const own = '{ports: [{name: http, port: 80}]}';
const headless = '{clusterIP: None, selector: {a: b}}';
const endpoints = manifestOf(
  'apiVersion: v1\nkind: Endpoints\nmetadata: {name: web}\nsubsets: []\n',
);

suite('whether kube-proxy’s rules would be others with a manifest', () => {
  const cases: [string, ReturnType<typeof service>, Answer, boolean][] = [
    ['a Service as in the cluster', service(own), found(), false],
    ['with another port', service('{ports: [{name: http, port: 81}]}'), found(), true],
    ['that the cluster has not', service(own), { state: 'missing', partial: undefined }, true],
    [
      'that it may have where it was not looked',
      service(own),
      { state: 'missing', partial: 'Only a.' },
      false,
    ],
    ['while the cluster is asked', service(own), { state: 'asking' }, false],
    ['where it does not answer', service(own), { state: 'failed', message: 'x' }, false],
    [
      'a headless one, which has no rules',
      service(headless),
      { state: 'missing', partial: undefined },
      false,
    ],
    ['a slice as in the cluster', slice('web-1', '10.0.0.1'), found(), false],
    ['with another endpoint', slice('web-1', '10.0.0.2'), found(), true],
    ['with another port', slice('web-1', '10.0.0.1', 8081), found(), true],
    ['one more of the Service', slice('web-2', '10.0.0.1'), found(), true],
    ['of a headless Service', slice('web-1', '10.0.0.2'), found({ clusterIP: 'None' }), false],
    [
      'of a Service that is not there',
      slice('web-1', '10.0.0.2'),
      { state: 'missing', partial: undefined },
      false,
    ],
    ['Endpoints, of which the cluster makes slices', endpoints, found(), false],
  ];
  for (const [name, manifest, answer, differs] of cases) {
    test(name, () => assert.equal(differsFrom(manifest, answer), differs));
  }
});
