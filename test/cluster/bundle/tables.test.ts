import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capturedObjects } from '../../../src/cluster/capturedObjects';
import { openSnapshot } from '../../../src/cluster/snapshot/snapshot';
import { tarGzOf } from './archives';
import { texts } from './texts';

suite('tables of kubectl get in support bundles', () => {
  let folder: string;
  setup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kpi-'));
  });
  teardown(() => rm(folder, { recursive: true }));

  test('Services of a table are shown, and accuse no rules of what it does not show', async () => {
    const { save } = await texts();
    const path = join(folder, 'node-7-2026-11-29_07_07_07.tgz');
    const files = {
      'networking/iptablessave': save,
      'rke2/kubectl/services':
        'NAMESPACE   NAME     TYPE        CLUSTER-IP    EXTERNAL-IP   PORT(S)   AGE   SELECTOR\n' +
        'default     whoami   ClusterIP   10.96.7.7     <none>        80/TCP    3d    app=whoami\n',
      'rke2/kubectl/endpoints':
        'NAMESPACE   NAME     ENDPOINTS                        AGE\n' +
        'default     whoami   10.244.1.5:80 + 3 more...        3d\n',
    };
    await writeFile(path, await tarGzOf(files));
    const cluster = openSnapshot(path);
    const { items, partial } = await cluster.list('services');
    assert.deepEqual(
      items.map(({ metadata, spec }) => `${metadata.name} ${spec.clusterIP}`),
      ['whoami 10.96.7.7'],
    );
    assert.match(partial!, /services:1: These Services are of a table of kubectl get/);
    // Seen, and not used: it shows three addresses at most.
    assert.match(partial!, /endpoints:1: A table of kubectl get that does not tell enough/);
    assert.equal(await capturedObjects(cluster), undefined);
    // Endpoints and fields are still asked for.
    assert.ok((await cluster.info()).bundle?.missing.includes('Services and EndpointSlices'));
  });

  const table =
    'NAMESPACE   NAME     TYPE       CLUSTER-IP   EXTERNAL-IP   PORT(S)        AGE   SELECTOR\n' +
    'default     whoami   NodePort   10.96.7.7    <none>        80:30080/TCP   3d    app=whoami\n';
  const slices =
    'NAMESPACE   NAME         ADDRESSTYPE   PORTS   ENDPOINTS    AGE\n' +
    'default     whoami-abc   IPv4          80      10.244.1.5   3d\n';
  const cluster = 'sos_commands/kubernetes/cluster-info/kubectl_get_--all-namespaces_true';
  const tables: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    [
      'eks_i-0abc12_2026-11-29_0707-UTC_0.7.9.tar.gz',
      {
        './networking/iproute.txt': 'default via 10.0.0.1 dev eth0\n',
        // Of the namespace default: without its column.
        './kubelet/svc.log': table.replace(/^(?:NAMESPACE {3}|default {5})/gm, ''),
        './networking/iptables-save.txt': '',
      },
      /svc.log:1: These Services are of a table/,
    ],
    [
      'sosreport-worker-1-2026-11-29-abcdefg.tar.gz',
      { [`s/${cluster}_services`]: table, [`s/${cluster}_endpointslices`]: slices },
      /_services:1: These Services are of a table[^]*_endpointslices:1: A table of kubectl get that/,
    ],
    [
      'rancher.tar.gz',
      { 'n/networking/iptablessave': '*nat\nCOMMIT\n', 'n/k3s/kubectl/services': table },
      /services:1: These Services are of a table/,
    ],
  ];
  for (const [archive, files, said] of tables) {
    test(`tables of kubectl get in ${archive}: the Services, and what they don’t tell`, async () => {
      const { save } = await texts();
      const own = Object.entries(files).map(([path, text]) => [path, text || save]);
      const path = join(folder, archive);
      await writeFile(path, await tarGzOf(Object.fromEntries(own) as Record<string, string>));
      const opened = openSnapshot(path);
      const { items, partial } = await opened.list('services');
      assert.deepEqual(
        items.map(({ metadata, spec }) => [metadata.namespace, spec.clusterIP, spec.ports[0]]),
        [['default', '10.96.7.7', { name: '', protocol: 'TCP', port: 80, nodePort: 30080 }]],
      );
      assert.match(partial!, said);
      assert.ok((await opened.info()).bundle?.missing.includes('Services and EndpointSlices'));
    });
  }

  test('the objects of a kops dump are those of its cluster-info', async () => {
    const { services, dashS } = await texts();
    const path = join(folder, 'artifacts.tgz');
    const files = {
      'a/10.0.0.1/iptables-nat.log': dashS,
      'a/cluster-info/default/services.yaml': services,
    };
    await writeFile(path, await tarGzOf(files));
    const { items, partial } = await openSnapshot(path).list('services');
    assert.equal(partial, undefined);
    assert.ok(items.some(({ metadata }) => metadata.name === 'whoami'));
  });
});
