import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { indexObjects } from '../../../src/core/objects/objectIndex';
import { addressesOfService, proxiedAddressesOfService } from '../../../src/core/objects/types';
import { load } from 'js-yaml';
import { finish } from '../../../src/core/work';
import { eachObject } from '../../../src/syntax/objects/values';
import { parseObjects } from '../../../src/syntax/objects/objects';

const service = (name: string, more = '') => `- apiVersion: v1
  kind: Service
  metadata:
    name: ${name}
    namespace: shop
  spec:
    clusterIP: "10.96.0.1"
    ports:
    - name: http
      port: 80
      targetPort: web
      nodePort: 30080
${more}`;

const listed = `apiVersion: v1
items:
${service('a', '    externalIPs: ["198.51.100.1"]\n')}${service('b')}kind: List
metadata:
  resourceVersion: ""
`;

function sample(name: string) {
  const path = `samples/kubernetes-1.36-iptables/objects/${name}.yaml`;
  return parseObjects(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'), path);
}

suite('Kubernetes objects', () => {
  test('when endpoints changed last: by what triggered them, or by managedFields', async () => {
    const slice = (name: string, more: string) => `- kind: EndpointSlice
  metadata:
    name: ${name}
    creationTimestamp: "2026-11-20T10:00:00Z"
${more}  endpoints: []
`;
    const trigger = `    annotations:
      endpoints.kubernetes.io/last-change-trigger-time: "2026-11-21T10:00:00Z"
`;
    const managed = `    managedFields:
    - {manager: kube-controller-manager, time: "2026-11-21T10:00:01Z", fieldsV1: {"f:endpoints": {}}}
`;
    const text = `kind: List
items:
${slice('a', '')}${slice('b', trigger)}${slice('c', trigger + managed)}`;
    const { value } = await parseObjects(text, 'dump');
    assert.deepEqual(
      value.endpointSlices.map(({ metadata }) => metadata.changed),
      [undefined, '2026-11-21T10:00:00Z', '2026-11-21T10:00:01Z'],
    );
  });

  test('reads a list item by item, and knows the line of each', async () => {
    const { value, findings } = await parseObjects(listed, 'dump');
    assert.deepEqual(findings, []);
    assert.deepEqual(
      value.services.map(({ metadata, range }) => [metadata.name, range?.line]),
      [
        ['a', 2],
        ['b', 15],
      ],
    );
    const [first] = value.services;
    assert.deepEqual(addressesOfService(first!), ['10.96.0.1', '198.51.100.1']);
    assert.deepEqual(first!.spec.ports, [
      { name: 'http', protocol: 'TCP', port: 80, targetPort: 'web', nodePort: 30080 },
    ]);
  });

  test("kube-proxy does not serve a load balancer's address with ipMode Proxy", async () => {
    const { value } = await sample('services');
    const service = value.services.find(({ metadata }) => metadata.name === 'vip-proxy')!;
    assert.deepEqual(proxiedAddressesOfService(service), ['203.0.113.42']);
    const served = addressesOfService(service);
    assert.deepEqual(served, [service.spec.clusterIP]);
    // kube-proxy 1.36 wrote these rules for it.
    const path = '../../../samples/kubernetes-1.36-iptables/node-a/iptables-save.txt';
    const rules = readFileSync(new URL(path, import.meta.url), 'utf8');
    assert.ok(rules.includes(`-d ${served[0]}/32`) && !rules.includes('203.0.113.42'));
    // It is the Service's address nevertheless.
    assert.deepEqual(indexObjects(value).servicesAt('203.0.113.42'), [service]);
  });

  test('several documents, indented lists, JSON and lists of the API itself', async () => {
    const documents = await parseObjects(
      'kind: Node\nmetadata: {name: n1}\n---\nkind: Pod\nmetadata: {name: p, namespace: x}\n',
      'dump',
    );
    assert.equal(documents.value.nodes[0]!.metadata.name, 'n1');
    assert.equal(documents.value.pods[0]!.range?.line, 3);
    const headed = await parseObjects(
      '# Licence\r\n\r\n--- # first\r\nkind: Node\r\nmetadata: {name: n1}\r\n...\r\n--- {kind: Pod, metadata: {name: p}}\r\n',
      'dump',
    );
    assert.deepEqual(headed.findings, []);
    assert.deepEqual(
      [...headed.value.nodes, ...headed.value.pods].map(({ metadata, range }) => [
        metadata.name,
        range?.line,
      ]),
      [
        ['n1', 3],
        ['p', 6],
      ],
    );
    const indented = await parseObjects(
      'items:\n  - metadata:\n      name: n1\n  - metadata:\n      name: n2\nkind: NodeList\n',
      'dump',
    );
    assert.deepEqual(
      indented.value.nodes.map(({ metadata, range }) => [metadata.name, range?.line]),
      [
        ['n1', 1],
        ['n2', 3],
      ],
    );
    const json = await parseObjects(
      '{"kind":"ServiceList","items":[{"metadata":{"name":"s","namespace":"d"}}]}',
      'dump',
    );
    assert.equal(json.value.services[0]!.metadata.namespace, 'd');
  });

  test('a broken object costs only itself', async () => {
    const broken = listed.replace('    namespace: shop', '   namespace: [');
    const { value, findings } = await parseObjects(broken, 'dump');
    assert.deepEqual(
      value.services.map(({ metadata }) => metadata.name),
      ['b'],
    );
    assert.equal(findings[0]!.code, 'bad-object');
    assert.ok(findings[0]!.range.line >= 2 && findings[0]!.range.line < 15);
    const cut = await parseObjects('{"kind":"List","items":[', 'dump');
    assert.equal(cut.findings[0]!.code, 'bad-object');
  });

  test('takes over no Secret, no environment, no annotation', async () => {
    const text =
      'kind: Secret\nmetadata: {name: s}\ndata: {password: cGFzcw==}\n---\n' +
      'kind: Pod\nmetadata: {name: p, annotations: {k: password1}}\n' +
      'spec: {containers: [{name: c, image: i, env: [{name: P, value: password2}]}]}\n';
    const { value } = await parseObjects(text, 'dump');
    assert.equal(value.pods.length, 1);
    assert.doesNotMatch(JSON.stringify(value), /pass|cGFzcw/);
  });

  test('odd values are left out, never taken', async () => {
    const { value } = await parseObjects(
      'kind: Service\nmetadata: {name: s}\nspec: {ports: [1, {port: x}], clusterIPs: 5, selector: [a]}\n',
      'dump',
    );
    const { spec } = value.services[0]!;
    assert.deepEqual([spec.ports, spec.clusterIPs, spec.selector], [[], [], {}]);
  });

  test('node names of v1beta1 slices come from the topology', async () => {
    const { value } = await parseObjects(
      'kind: EndpointSlice\nmetadata: {name: s}\nendpoints:\n- addresses: [10.244.0.2]\n  topology: {kubernetes.io/hostname: node-a}\n',
      'dump',
    );
    assert.equal(value.endpointSlices[0]!.endpoints[0]!.nodeName, 'node-a');
  });

  test('answers by address and by name, on a real cluster', async () => {
    const parts = await Promise.all(
      ['services', 'endpointslices', 'endpoints', 'nodes', 'pods'].map(sample),
    );
    assert.deepEqual(
      parts.flatMap(({ findings }) => findings),
      [],
    );
    const [services, slices, endpoints, nodes, pods] = parts.map(({ value }) => value);
    const index = indexObjects({
      services: services!.services,
      endpointSlices: slices!.endpointSlices,
      endpoints: endpoints!.endpoints,
      nodes: nodes!.nodes,
      pods: pods!.pods,
    });
    const names = (list: readonly { metadata: { name: string } }[]) =>
      list.map(({ metadata }) => metadata.name);
    assert.deepEqual(names(index.servicesAt('10.101.18.6')), ['web']);
    assert.deepEqual(
      index
        .slicesOf('default', 'web')
        .flatMap((slice) => slice.endpoints.flatMap((e) => e.addresses)),
      ['10.244.0.2', '10.244.1.2'],
    );
    assert.match(names(index.podsAt('10.244.0.2'))[0]!, /^web-/);
    assert.equal(index.nodeAt('192.168.77.10')?.metadata.name, 'node-a');
    assert.deepEqual(index.node('node-a')?.podCIDRs[0], '10.244.0.0/24');
    assert.deepEqual(names(index.servicesAt('fd00:10:96:0::f6cc')), ['dual']);
  });
});

suite('objects of kinds that are not taken', () => {
  /** What is loaded of a text of which Services are taken. */
  function loadedOf(text: string): { loaded: string[]; taken: unknown[] } {
    const [loaded, taken]: [string[], unknown[]] = [[], []];
    finish(
      eachObject(text, 'all.yaml', (own) => (loaded.push(own), load(own)), {
        isWanted: (kind) => kind === 'Service',
        take: ({ value }) => taken.push((value as { metadata: { name: string } }).metadata.name),
      }),
    );
    return { loaded, taken };
  }

  test('are not loaded, as Secrets and definitions of megabytes', () => {
    const secret = 'kind: Secret\nmetadata:\n  name: a\ndata: {}\n';
    const web = 'kind: Service\nmetadata:\n  name: web\n';
    const { loaded, taken } = loadedOf(
      `${secret}---\n${web}---\r\n${secret.replaceAll('\n', '\r\n')}`,
    );
    assert.deepEqual([loaded, taken], [[web.trimEnd()], ['web']]);
    const items = `${secret}${web}`.trimEnd().replace(/^/gm, '  ').replaceAll('  kind', '- kind');
    const listed = loadedOf(`items:\n${items}\nkind: List\n`);
    assert.deepEqual([listed.loaded.length, listed.taken], [2, ['web']]);
  });

  test('what may hold others is loaded: lists in any style, and kinds that only the parser can tell', () => {
    for (const text of [
      'kind: List\nitems: [{kind: Service, metadata: {name: web}}]\n',
      'kind: ServiceList\nitems:\n\n  -\n    metadata: {name: web}\n',
      '"kind": "Service"\nmetadata: {name: web}\n',
      '---\n{metadata: {name: web},\nkind: Service}',
      'kind: !!str Service\nmetadata: {name: web}\n',
      'data: |\n  kind: Secret\nkind:  Service\nmetadata: {name: web}\n',
    ]) {
      assert.deepEqual(loadedOf(text).taken, ['web'], text);
    }
  });
});
