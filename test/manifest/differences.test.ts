import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ServiceObject } from '../../src/core/objects/types';
import { differences } from '../../src/manifest/lens/differences';
import { serviceOf } from '../../src/manifest/lens/readManifest';
import { readObject } from '../../src/syntax/objects/readObject';
import { manifestOf, manifestsOf } from './helper';

/** What a cluster has of a Service with these fields. */
function cluster(spec: object): ServiceObject {
  const object = { kind: 'Service', metadata: { name: 'web', namespace: 'shop' }, spec };
  return readObject(object) as ServiceObject;
}

/** `port 80 -> 8080`: the field, and both sides. */
function compare(lines: readonly string[], there: object): string[] {
  const head = ['apiVersion: v1', 'kind: Service', 'metadata: {name: web}', 'spec:'];
  const text = [...head, ...lines.map((line) => `  ${line}`), ''].join('\n');
  const manifest = manifestOf(text);
  const here = serviceOf(manifest);
  assert.ok(here);
  return differences(manifest.object.root, here, cluster(there)).map(
    ({ field, here: own, there: other }) => `${field} ${own} -> ${other}`,
  );
}

const http = { port: 80, targetPort: 80, protocol: 'TCP', nodePort: 30080 };
const defaults = { type: 'ClusterIP', clusterIP: '10.96.0.9', sessionAffinity: 'None' };

suite('a manifest beside the cluster', () => {
  test('what the manifest leaves out, is no difference', () => {
    const there = { ...defaults, type: 'NodePort', externalIPs: ['1.2.3.4'], ports: [http] };
    assert.deepEqual(compare(['ports: [{port: 80}]'], there), []);
    assert.deepEqual(compare(['clusterIP: ""', 'ports: [{port: 80}]'], there), []);
  });

  test('the only port', () => {
    const there = { ...defaults, ports: [{ ...http, port: 8080, targetPort: 'http' }] };
    assert.deepEqual(compare(['ports:', '- port: 80', '  targetPort: 8080'], there), [
      'port 80 -> 8080',
      'targetPort 8080 -> http',
    ]);
    assert.deepEqual(compare(['ports: [{port: 8080, targetPort: "http"}]'], there), []);
    assert.deepEqual(compare(['ports: [{port: 8080, protocol: UDP, nodePort: 1}]'], there), [
      'protocol UDP -> TCP',
      'nodePort 1 -> 30080',
    ]);
  });

  test('several ports, by name', () => {
    const ports = [
      { ...http, name: 'http' },
      { ...http, name: 'metrics', port: 9090, targetPort: 9090 },
    ];
    const lines = ['ports:', '- {name: https, port: 443}', '- {name: http, port: 81}'];
    assert.deepEqual(compare(lines, { ...defaults, ports }), [
      'port https 443/TCP -> ',
      'port of http 81 -> 80',
      'port  -> metrics 9090/TCP',
    ]);
  });

  test('each field that is set', () => {
    const there = { ...defaults, selector: { app: 'web', tier: 'front' }, ports: [http] };
    const lines = [
      'type: LoadBalancer',
      'clusterIP: 10.96.0.1',
      'externalTrafficPolicy: Local',
      'sessionAffinity: ClientIP',
      'sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}',
      'externalIPs: [1.2.3.4]',
      'selector: {tier: front, app: shop}',
      'ports: [{port: 80}]',
    ];
    assert.deepEqual(compare(lines, there), [
      'type LoadBalancer -> ClusterIP',
      'clusterIP 10.96.0.1 -> 10.96.0.9',
      'externalTrafficPolicy Local -> ',
      'sessionAffinity ClientIP -> None',
      'timeoutSeconds 60 -> ',
      'externalIPs 1.2.3.4 -> ',
      'selector app=shop, tier=front -> app=web, tier=front',
    ]);
    assert.deepEqual(compare(['selector: {app: web, tier: front}', ...lines.slice(7)], there), []);
  });

  test("the sample's Services do not differ from themselves", () => {
    for (const sample of ['kubernetes-1.36-iptables', 'kubernetes-1.20-iptables']) {
      const text = readFileSync(`samples/${sample}/objects/services.yaml`, 'utf8');
      const manifests = manifestsOf(text);
      assert.ok(manifests.length > 10);
      for (const manifest of manifests) {
        const service = serviceOf(manifest);
        assert.ok(service);
        assert.deepEqual(differences(manifest.object.root, service, service), []);
      }
    }
  });
});
