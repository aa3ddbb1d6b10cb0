import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resources, type Cluster } from '../../../src/cluster/cluster';
import { type ClusterLog } from '../../../src/cluster/log';
import { withoutSecrets } from '../../../src/cluster/secrets/secrets';
import { connectionOf, type ClusterConnection } from '../../../src/cluster/live/connection';
import { exec } from '../../../src/cluster/live/exec';
import {
  kubeconfigFiles,
  loadKubeconfig,
  type Kubeconfig,
} from '../../../src/cluster/live/kubeconfig';
import { listPages } from '../../../src/cluster/live/list';
import { openLiveCluster } from '../../../src/cluster/live/liveCluster';
import { findProxyPod } from '../../../src/cluster/live/proxyPod';
import type { Api } from '../../../src/cluster/live/request';
import { defaultLiveSettings } from '../../../src/cluster/live/settings';
import { captureSnapshot } from '../../../src/cluster/snapshot/capture';
import { openSnapshot } from '../../../src/cluster/snapshot/snapshot';
import { modeOf } from '../../../src/core/kubeproxy/mode/judge';
import { nodeStates } from '../../../src/workspace/clusters/nodeStates';
import { testParser } from '../../syntax/parser';
import { startApiServer } from '../server/apiServer';
import { kubeconfigFor, reason } from '../server/harness';
import { sampleCluster } from '../server/sampleCluster';

/** A cluster with kube-proxy on its nodes, and what ends the connection to it. */
interface Connected {
  readonly kubeconfig: Kubeconfig;
  close(): Promise<void>;
}

/**
 * What has to hold of every cluster: nothing in it but reads. On the test server always, and with
 * KPI_LIVE=1 on the current context of KUBECONFIG, where the same is asked of the real thing.
 */
function clusterSuite(name: string, connect: () => Promise<Connected>): void {
  suite(name, function () {
    this.timeout(180_000);
    let connected: Connected;
    let connection: ClusterConnection;
    let api: Api;
    let cluster: Cluster;
    let node: string;
    const logged: string[] = [];

    suiteSetup(async () => {
      connected = await connect();
      const { kubeconfig } = connected;
      const note = (message: string) => void logged.push(message);
      const log: ClusterLog = { debug: note, info: note, warn: note };
      connection = connectionOf(kubeconfig, kubeconfig.current ?? '');
      api = { connection, log };
      cluster = openLiveCluster(
        kubeconfig,
        kubeconfig.current ?? '',
        () => defaultLiveSettings,
        log,
      );
      const [first] = (await cluster.list('nodes')).items;
      assert.ok(first, 'the cluster has a Node');
      node = first.metadata.name;
    });
    suiteTeardown(async () => {
      cluster.dispose();
      await connected.close();
    });

    test('its version and its context', async () => {
      const { version, context, captured } = await cluster.info();
      assert.match(version ?? '', /^v1\.\d+/);
      assert.equal(context, cluster.title);
      assert.equal(captured, undefined);
    });

    test('every list; the second time from memory', async () => {
      for (const resource of resources) {
        const { items, partial } = await cluster.list(resource);
        assert.equal(partial, undefined, resource);
        if (resource !== 'endpoints') assert.ok(items.length > 0, resource);
        const requests = logged.filter((line) => line.startsWith('GET')).length;
        assert.equal((await cluster.list(resource)).items.length, items.length);
        assert.equal(logged.filter((line) => line.startsWith('GET')).length, requests, resource);
      }
      assert.ok(
        (await cluster.list('services')).items.some(({ spec }) => spec.clusterIPs.length > 0),
      );
    });

    test('pages hold the same objects as the whole', async () => {
      const names: string[] = [];
      for await (const { items } of listPages(api, { resource: 'services' })) {
        names.push(...items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
      }
      const all = (await cluster.list('services')).items;
      assert.equal(names.length, all.length);
      assert.equal(new Set(names).size, names.length);
    });

    test("a node's dumps: rules, addresses, and why there is not more", async () => {
      const steps: string[] = [];
      const fetched = await cluster.dumps(node, { onProgress: (step) => steps.push(step) });
      assert.equal(fetched.partial, undefined);
      assert.ok(steps.some((step) => step.startsWith(`${node}: iptables-`)));
      const whole = fetched.dumps.filter(({ problem, bytes }) => !problem && bytes > 0);
      assert.ok(
        whole.some(({ name: dump }) => /^(ip6?tables.*-save|nft-)/.test(dump)),
        'a dump of rules',
      );
      for (const dump of whole) {
        const pieces: string[] = [];
        for await (const piece of dump.pieces()) pieces.push(piece);
        assert.equal(pieces.join(''), await dump.read(), dump.name);
        assert.ok(Math.abs(Date.parse(dump.captured ?? '') - Date.now()) < 600_000);
      }
      for (const { problem, name: dump } of fetched.dumps) {
        assert.notEqual(problem?.message, '', dump);
      }
      const { mode } = modeOf(await nodeStates(testParser)(fetched));
      assert.ok(mode, 'the mode of kube-proxy');
      assert.equal(cluster.heldDumps(node), fetched);
    });

    test('exec: argv as it is, an exit code with its stderr, a program that is missing', async () => {
      const pod = await findProxyPod(api, node, defaultLiveSettings);
      assert.ok(pod);
      const run = (...command: string[]) =>
        exec(api, { pod, command, timeout: 30_000, byteLimit: 1024 * 1024 });
      const missing = await run('kpi-no-such-program');
      assert.equal(missing.problem?.kind, 'missing-binary');
      const failed = await run('cat', '/kpi no such file');
      assert.equal(failed.problem?.kind, 'exit-code');
      assert.match(failed.stderr, /\/kpi no such file/);
    });

    test('exec in a pod that is not there', () =>
      assert.rejects(
        exec(api, {
          pod: { namespace: 'kube-system', name: 'kpi-no-such-pod', container: 'c' },
          command: ['true'],
          timeout: 30_000,
          byteLimit: 1000,
        }),
        reason('not-found'),
      ));

    test('a node that is not there', () =>
      assert.rejects(cluster.dumps('kpi-no-such-node'), reason('no-pod')));

    test('a cancelled list and a cancelled fetch', async () => {
      cluster.refresh();
      const gone = AbortSignal.abort();
      await assert.rejects(cluster.list('services', { signal: gone }), reason('cancelled'));
      await assert.rejects(cluster.dumps(node, { signal: gone, fresh: true }), reason('cancelled'));
      assert.ok((await cluster.list('services')).items.length > 0);
    });

    test('a capture opens as a snapshot with the same objects and dumps', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'kpi-'));
      try {
        await captureSnapshot(cluster, join(folder, 'new'), { nodes: [node] });
        const copy = openSnapshot(join(folder, 'new'));
        for (const resource of ['services', 'nodes', 'endpointslices'] as const) {
          const [theirs, ours] = await Promise.all([copy.list(resource), cluster.list(resource)]);
          assert.equal(theirs.items.length, ours.items.length, resource);
        }
        const { dumps } = await copy.dumps(node);
        const rules = dumps.find(({ problem, bytes }) => !problem && bytes > 0);
        assert.ok(rules && (await rules.read()).length > 0);
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    test('the log has each request with its time, and no secret', () => {
      assert.ok(logged.some((line) => /^GET \/version: 200, \d+ ms$/.test(line)));
      assert.ok(logged.some((line) => /^exec kube-system\/.*: iptables-.*, \d+ ms$/.test(line)));
      for (const line of logged) assert.equal(line, withoutSecrets(line));
    });
  });
}

clusterSuite('the test server as a cluster', async () => {
  const server = await startApiServer({
    ...sampleCluster('kubernetes-1.36-iptables', ['node-a', 'node-b']),
    tls: true,
    pageSize: 3,
  });
  return { kubeconfig: kubeconfigFor(server.url), close: () => server.close() };
});

if (process.env['KPI_LIVE']) {
  clusterSuite('the cluster of KUBECONFIG', async () => ({
    kubeconfig: await loadKubeconfig(kubeconfigFiles('')),
    close: () => Promise.resolve(),
  }));
} else {
  test('the cluster of KUBECONFIG (skipped: set KPI_LIVE=1, exec into kube-proxy is needed)', function () {
    this.skip();
  });
}
