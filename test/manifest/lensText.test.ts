import assert from 'node:assert/strict';
import { nodeStates } from '../../src/workspace/clusters/nodeStates';
import { testParser } from '../syntax/parser';
import { fileURLToPath } from 'node:url';
import * as l10n from '@vscode/l10n';
import type { Cluster } from '../../src/cluster/cluster';
import { openSnapshot } from '../../src/cluster/snapshot/snapshot';
import { Facts, type Answer } from '../../src/manifest/lens/facts';
import { lensText, portLensText } from '../../src/manifest/lens/lensText';
import type { ManifestName } from '../../src/manifest/lens/readManifest';
import { manifestOf } from './helper';

function sample(name: string): Cluster {
  return openSnapshot(fileURLToPath(new URL(`../../samples/${name}`, import.meta.url)));
}

/** The lens of a manifest by what a cluster has. */
async function lens(cluster: Cluster, manifest: ManifestName) {
  const namespace = manifest.namespace ?? cluster.namespace;
  const answer = await new Facts(nodeStates(testParser)).of(
    cluster,
    namespace,
    manifest.service ?? '',
  );
  return lensText(l10n, manifest, { cluster: cluster.title, namespace, answer });
}

function titleBy(manifest: ManifestName, answer: Answer | undefined): string {
  return lensText(l10n, manifest, { cluster: 'kind', namespace: 'shop', answer }).title;
}

function service(name: string, namespace: string, spec: string): ManifestName {
  return manifestOf(
    `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: ${spec}\n`,
  );
}

suite('what lenses above manifests say', () => {
  const iptables = sample('kubernetes-1.36-iptables');

  test('address, endpoints and mode of a Service', async () => {
    const { title, tooltip, traces } = await lens(
      iptables,
      service('web', 'default', '{ports: [{port: 80}]}'),
    );
    assert.match(
      title,
      /^\$\(type-hierarchy-sub\) Trace service \| 10\.101\.18\.6 \| \d\/\d endpoints \| iptables$/,
    );
    assert.equal(tooltip, 'default/web in kubernetes-1.36-iptables');
    assert.ok(traces);
  });

  test('a targetPort that names no port: never a count of ready endpoints', async () => {
    const { title } = await lens(
      iptables,
      service('typo-port', 'shop', '{ports: [{name: http, port: 80, targetPort: htttp}]}'),
    );
    assert.match(title, / \| no endpoint has a port named htttp \(its targetPort\) \| iptables/);
    assert.doesNotMatch(title, /\d\/\d/);
  });

  test('in ipvs mode its scheduler, from /proc/net/ip_vs', async () => {
    const { title } = await lens(
      sample('kubernetes-1.36-ipvs'),
      service('web', 'default', '{ports: [{port: 80}]}'),
    );
    assert.match(title, / \| ipvs (rr|wrr|lc|sh)$/);
  });

  test('not in the cluster: no trace', async () => {
    const { title, traces } = await lens(
      iptables,
      service('web', 'other', '{ports: [{port: 80}]}'),
    );
    assert.equal(title, 'other/web is not in the cluster');
    assert.equal(traces, false);
  });

  test('what a partial list lacks, may be there', async () => {
    const partial: Cluster = {
      ...iptables,
      list: async (resource, options) => ({
        ...(await iptables.list(resource, options)),
        partial: 'Only namespace shop.',
      }),
    };
    const gone = await lens(partial, service('web', 'other', '{ports: [{port: 80}]}'));
    assert.equal(gone.title, 'other/web is not in the part of the cluster that is known');
    assert.equal(gone.tooltip, 'Only namespace shop.');
    const there = await lens(partial, service('web', 'default', '{ports: [{port: 80}]}'));
    assert.match(there.tooltip, /\nOnly namespace shop\.$/);
  });

  test('differences, the first in the title, all in the tooltip', async () => {
    const { title, tooltip } = await lens(
      iptables,
      service('web', 'default', '{type: ClusterIP, ports: [{port: 8080}]}'),
    );
    assert.match(title, /\| differs from the cluster: port 8080 → 80 and 1 more$/);
    assert.match(
      tooltip,
      /\nport: 8080 here, 80 in the cluster\ntype: ClusterIP here, NodePort in/,
    );
  });

  test('Services without rules say why, and are not traced', () => {
    const headless = service(
      'db',
      'shop',
      '{clusterIP: None, selector: {app: db}, ports: [{port: 1}]}',
    );
    assert.match(titleBy(headless, undefined), /^Headless: DNS only/);
    const alias = service('db', 'shop', '{type: ExternalName, externalName: example.com}');
    assert.match(titleBy(alias, undefined), /^ExternalName example\.com: a DNS alias/);
    assert.match(
      titleBy(alias, { state: 'missing', partial: undefined }),
      / \| not in the cluster$/,
    );
  });

  test('while nothing is known yet', () => {
    const web = service('web', 'shop', '{ports: [{port: 80}]}');
    const trace = '$(type-hierarchy-sub) Trace service';
    assert.equal(titleBy(web, undefined), trace);
    assert.equal(titleBy(web, { state: 'asking' }), `${trace} | asking kind`);
    assert.equal(
      titleBy(web, { state: 'failed', message: 'x' }),
      `${trace} | kind does not answer`,
    );
  });

  test('slices beside those of the cluster', async () => {
    const { items } = await iptables.list('endpointslices');
    const slice = items.find(
      ({ metadata }) => metadata.labels['kubernetes.io/service-name'] === 'kube-dns',
    );
    assert.ok(slice);
    const text = (endpoints: string) =>
      manifestOf(
        [
          'apiVersion: discovery.k8s.io/v1',
          'kind: EndpointSlice',
          'metadata:',
          `  name: ${slice.metadata.name}`,
          '  namespace: kube-system',
          '  labels: {kubernetes.io/service-name: kube-dns}',
          `endpoints: ${endpoints}`,
        ].join('\n'),
      );
    const two = '[{addresses: [10.0.0.1]}, {addresses: [10.0.0.2], conditions: {ready: true}}]';
    const same = await lens(iptables, text(two));
    assert.match(same.title, /Trace service kube-dns \| 2\/2 endpoints \| iptables$/);
    const fewer = await lens(
      iptables,
      text('[{addresses: [10.0.0.1], conditions: {ready: false}}]'),
    );
    assert.match(fewer.title, /\| 0\/1 endpoint \| in the cluster: 2\/2 endpoints \|/);
  });

  test('a slice without the label belongs to no Service', () => {
    const alone = manifestOf(
      'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a}\n',
    );
    assert.match(titleBy(alone, undefined), /^No Service: the label/);
  });

  test('each of several ports', async () => {
    const manifest = service(
      'kube-dns',
      'kube-system',
      '{ports: [{name: dns, port: 53, protocol: UDP}, {name: web, port: 80}]}',
    );
    const answer = await new Facts(nodeStates(testParser)).of(iptables, 'kube-system', 'kube-dns');
    const asked = { cluster: 'kind', namespace: 'kube-system', answer };
    assert.match(
      portLensText(l10n, manifest, 0, asked).title,
      /Trace dns 53\/UDP \| 2\/2 endpoints$/,
    );
    assert.equal(portLensText(l10n, manifest, 1, asked).title, 'web 80/TCP is not in the cluster');
    const before = portLensText(l10n, manifest, 1, { ...asked, answer: undefined });
    assert.match(before.title, /Trace web 80\/TCP$/);
  });
});

suite('facts of a cluster', () => {
  const web = service('web', 'default', '{ports: [{port: 80}]}');

  test('asked once until forgotten, for all Services together', async () => {
    const asked: string[] = [];
    const snapshot = sample('kubernetes-1.36-iptables');
    const counting: Cluster = {
      ...snapshot,
      list: (resource, options) => {
        asked.push(resource);
        return snapshot.list(resource, options);
      },
    };
    const facts = new Facts(nodeStates(testParser));
    assert.equal(facts.peek(counting, 'default', 'web'), undefined);
    await Promise.all([facts.of(counting, 'default', 'web'), facts.of(counting, 'default', 'x')]);
    assert.deepEqual(
      asked.filter((resource) => resource !== 'nodes'),
      ['services', 'endpointslices'],
    );
    assert.equal(facts.peek(counting, 'default', 'web')?.state, 'found');
    assert.equal(facts.peek(counting, 'default', 'x')?.state, 'missing');
    facts.forget();
    assert.equal(facts.peek(counting, 'default', 'web'), undefined);
  });

  test('a live cluster is asked for no dumps: the mode comes from those that are held', async () => {
    const snapshot = sample('kubernetes-1.36-ipvs');
    const dumps = await snapshot.dumps('node-a');
    const refuse = () => Promise.reject(new Error('a dump was fetched'));
    const live: Cluster = {
      ...snapshot,
      offline: false,
      heldDumps: () => undefined,
      heldNodes: () => [],
      dumps: refuse,
    };
    assert.doesNotMatch((await lens(live, web)).title, /ipvs/);
    assert.match(
      (await lens({ ...live, heldDumps: () => dumps, heldNodes: () => ['node-a'] }, web)).title,
      /ipvs/,
    );
  });

  test('a cluster that fails says so', async () => {
    const snapshot = sample('kubernetes-1.36-iptables');
    const failing: Cluster = { ...snapshot, list: () => Promise.reject(new Error('refused')) };
    const { title, tooltip } = await lens(failing, web);
    assert.match(title, /does not answer$/);
    assert.equal(tooltip, 'refused');
  });
});
