import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openSnapshot } from '../../src/cluster/snapshot/snapshot';
import { clusterKey, dumpUriParts, parseDumpUri } from '../../src/workspace/clusters/dumpUri';
import { rulesDump } from '../../src/explorer/rulesDump';
import { endpointNames, portNames } from '../../src/explorer/serviceNames';
import { endpointsByService, serviceKey } from '../../src/core/objects/endpoints';
import { isProxied } from '../../src/core/kubeproxy/proxied';

const sample = fileURLToPath(new URL('../../samples/kubernetes-1.36-iptables', import.meta.url));
const rules = ['iptables-save.txt', 'ip6tables-save.txt']
  .map((name) => readFileSync(`${sample}/node-a/${name}`, 'utf8'))
  .join('');

suite('names of a Service port in dumps', () => {
  const cluster = openSnapshot(sample);

  test('each traced Service port of the sample is found in its rules', async () => {
    const { items } = await cluster.list('services');
    const ports = items
      .filter(isProxied)
      .flatMap((service) => service.spec.ports.map((port) => portNames(service, port)));
    assert.ok(ports.length > 20);
    for (const { id, marks } of ports) {
      assert.ok(
        marks.some((mark) => rules.includes(mark)),
        id,
      );
    }
  });

  test("an endpoint's chain is the one of the rules", async () => {
    const { items } = await cluster.list('services');
    const service = items.find(({ metadata }) => metadata.name === 'kube-dns');
    const port = service?.spec.ports[0];
    assert.ok(service && port);
    const slices = (await cluster.list('endpointslices')).items;
    const endpoints = endpointsByService(slices).get(serviceKey(service)) ?? [];
    assert.equal(endpoints.length, 2);
    for (const endpoint of endpoints) {
      const names = endpointNames(service, port, endpoint);
      assert.equal(names.id, 'kube-system/kube-dns:dns/UDP');
      assert.ok(
        names.chains.some((chain) => rules.includes(`:${chain} `)),
        endpoint.address,
      );
    }
  });

  test('the dump that holds it is chosen, not one with a part of the rules', async () => {
    const dumps = await cluster.dumps('node-a');
    const { items } = await cluster.list('services');
    const dns = items.find(({ metadata }) => metadata.name === 'kube-dns');
    assert.ok(dns?.spec.ports[0]);
    const { marks } = portNames(dns, dns.spec.ports[0]);
    const found = await rulesDump(dumps, marks);
    assert.match(found?.dump.name ?? '', /^iptables-save/);
    assert.match(found?.mark ?? '', /^:KUBE-SVC-/);
    const none = await rulesDump(dumps, ['nobody/knows']);
    assert.match(none?.dump.name ?? '', /^iptables-save/);
    assert.equal(none?.mark, undefined);
  });
});

suite('addresses of documents', () => {
  test('lead back to cluster, node, dump and capture', () => {
    const cluster = openSnapshot('/home/me/my snapshot');
    const dumps = { node: 'node-a', captured: '2026-11-21T13:42:24.000Z', dumps: [] };
    const uri = dumpUriParts(cluster, dumps, 'ip-addr.txt');
    assert.match(uri.path, /^\/my_snapshot~[0-9a-f]{8}\/nodes\/node-a\/ip-addr\.txt$/);
    assert.match(uri.query, /"title":"node-a, 2026-11-21 13:42:24Z"/);
    assert.deepEqual(parseDumpUri(uri), {
      cluster: clusterKey(cluster),
      path: ['nodes', 'node-a', 'ip-addr.txt'],
      captured: '2026-11-21T13:42:24.000Z',
    });
    const other = { ...uri, path: uri.path.replace('node-a', 'node-b') };
    assert.equal(parseDumpUri(other).captured, '');
    assert.deepEqual(parseDumpUri({ path: '/c/objects/pods.yaml', query: '{broken' }), {
      cluster: 'c',
      path: ['objects', 'pods.yaml'],
      captured: '',
    });
  });

  test('clusters of the same title have folders of their own', () => {
    assert.notEqual(clusterKey(openSnapshot('/a/x')), clusterKey(openSnapshot('/b/x')));
  });
});
