import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClusterError } from '../../../src/cluster/error';
import type { Cluster, NodeDumps } from '../../../src/cluster/cluster';
import { withoutSecrets } from '../../../src/cluster/secrets/secrets';
import type { LiveSettings } from '../../../src/cluster/live/settings';
import { captureSnapshot } from '../../../src/cluster/snapshot/capture';
import { openSnapshot } from '../../../src/cluster/snapshot/snapshot';
import type { ApiServer, ServerOptions } from '../server/apiServer';
import { missingBinary, prints } from '../server/execServer';
import { reason } from '../server/harness';
import { gate, withLiveCluster } from '../server/liveCluster';
import { writeJson, type ServerObject } from '../server/lists';
import { replay } from '../server/recording';
import { proxyPod, sampleExec } from '../server/sampleCluster';

const sample = fileURLToPath(new URL('../../../samples/kubernetes-1.36-iptables', import.meta.url));

const asksForOne = '--include=use_oif_addrs_only';

const node = (name: string): ServerObject => ({ metadata: { name } });

/** A live cluster of one node, as the sample's. */
function withCluster(
  options: ServerOptions,
  body: (cluster: Cluster, server: ApiServer) => Promise<void>,
  settings?: Partial<LiveSettings>,
): Promise<void> {
  const sampleNode = {
    objects: { nodes: [node('node-a')], pods: [proxyPod('node-a')] },
    exec: sampleExec('kubernetes-1.36-iptables'),
  };
  return withLiveCluster({ ...sampleNode, ...options }, body, settings);
}

const problems = ({ dumps }: NodeDumps) =>
  Object.fromEntries(dumps.map(({ name, problem }) => [name, problem?.kind]));

suite('live cluster', () => {
  test('sends nothing before it is asked', () =>
    withCluster({}, async (_cluster, server) => {
      // A request of our own goes the whole way meanwhile, and is the only one.
      await fetch(`${server.url}/version`);
      assert.deepEqual(server.requests, ['GET /version']);
    }));

  test('a node: what there is, and why there is not more', () =>
    withCluster({}, async (cluster) => {
      const steps: string[] = [];
      const dumps = await cluster.dumps('node-a', { onProgress: (step) => steps.push(step) });
      assert.deepEqual(problems(dumps), {
        'iptables-nft-save.txt': undefined,
        'iptables-legacy-save.txt': 'missing-binary',
        'ip6tables-nft-save.txt': undefined,
        'ip6tables-legacy-save.txt': 'missing-binary',
        'ipset-save.txt': undefined,
        'ip_vs.txt': 'exit-code',
        'ipvsadm-Sn.txt': 'missing-binary',
        'nft-list-ruleset.txt': 'missing-binary',
        'ip-addr.txt': undefined,
        'ip-route.txt': undefined,
        'ip-6-route.txt': 'missing-binary',
        'ip-rule.txt': 'missing-binary',
        'ip-6-rule.txt': 'missing-binary',
        'proc-net-ipv6_route.txt': 'exit-code',
        'sysctl.txt': undefined,
        'sysctl-ipvs.txt': 'missing-binary',
        'proxyMode.txt': 'missing-binary',
        'configz.json': 'missing-binary',
        'kube-proxy.args.txt': undefined,
      });
      assert.equal(steps[1], 'node-a: iptables-nft-save -c');
      const [rules] = dumps.dumps;
      const expected = await readFile(join(sample, 'node-a', 'iptables-save-c.txt'), 'utf8');
      assert.equal(await rules?.read(), expected);
      assert.match(rules?.captured ?? '', /^\d{4}-/);
    }));

  test('of the many switches of IPv6 by device only the one that is asked for is read', () => {
    const told = '/proc/sys/net/ipv6/conf/eth0/use_oif_addrs_only:1\n';
    return withCluster(
      { exec: ({ command }) => (command.includes(asksForOne) ? prints(told) : missingBinary) },
      async (cluster) => {
        const { dumps } = await cluster.dumps('node-a');
        const dump = dumps.find(({ name }) => name === 'sysctl-ipv6.txt');
        assert.equal(await dump?.read(), told);
      },
    );
  });

  test('without ip, the addresses come from /proc', () =>
    withCluster(
      { exec: ({ command }) => (command[0] === 'cat' ? prints('Main:\n') : missingBinary) },
      async (cluster) => {
        const found = problems(await cluster.dumps('node-a'));
        assert.ok('iptables-save.txt' in found, 'plain iptables-save was tried');
        assert.ok('fib_trie.txt' in found && 'if_inet6.txt' in found);
        assert.ok('proc-net-route.txt' in found && 'proc-net-ipv6_route.txt' in found);
      },
    ));

  test('Success with a truncated dump: seen by the dump itself', () =>
    withCluster({ exec: () => prints('*nat\n:KUBE-SERVICES - [0:0]\n') }, async (cluster) => {
      const { dumps } = await cluster.dumps('node-a');
      assert.equal(dumps[0]?.exitCode, 0);
      assert.equal(dumps[0]?.problem?.kind, 'incomplete');
    }));

  test('a dump cut between two tables: seen by its canary, or by the capture before', async () => {
    const table = (name: string, chain = '') => `*${name}\n${chain}COMMIT\n# Completed on x\n`;
    const canary = ':KUBE-PROXY-CANARY - [0:0]\n';
    const outputs = [
      table('mangle', canary) + table('filter', canary),
      table('filter') + table('nat'),
      table('filter'),
    ];
    const problem = async (cluster: Cluster) =>
      (await cluster.dumps('node-a', { fresh: true })).dumps[0]?.problem;
    await withCluster(
      {
        exec: ({ command }) =>
          command[0] === 'iptables-nft-save' ? prints(outputs.shift() ?? '') : missingBinary,
      },
      async (cluster) => {
        assert.match((await problem(cluster))?.message ?? '', /lacks nat.*canary/);
        assert.match((await problem(cluster))?.message ?? '', /capture of 20.* also has mangle/);
        assert.match((await problem(cluster))?.message ?? '', /capture of 20.* also has nat/);
      },
    );
  });

  test('a node that dies in between keeps what was fetched and says so', () => {
    let commands = 0;
    return withCluster(
      {
        exec: () => (session) => {
          if (commands++ === 0) return prints('COMMIT\n# Completed\n')(session);
          session.refuse(500, 'error dialing backend', 'text/plain');
        },
      },
      async (cluster) => {
        const { dumps, partial } = await cluster.dumps('node-a');
        assert.equal(dumps[0]?.problem, undefined);
        assert.match(partial ?? '', /Ended before .*error dialing backend/);
      },
    );
  });

  test('a kubelet that is away is told by the first command, not by each of them', () => {
    let commands = 0;
    return withCluster(
      {
        exec: () => (session) => {
          commands++;
          return replay('exec-kubelet-down-old-kubelet')(session);
        },
      },
      async (cluster) => {
        await assert.rejects(
          cluster.dumps('node-a'),
          reason('unreachable', /kubelet can't be reached/),
        );
        assert.equal(commands, 1);
        assert.equal(cluster.heldDumps('node-a'), undefined);
      },
    );
  });

  test('what ended early does not take the place of what was captured whole', () => {
    let away = false;
    let commands = 0;
    return withCluster(
      {
        exec: () => (session) => {
          if (!away || commands++ < 3) return prints('COMMIT\n# Completed\n')(session);
          session.refuse(500, 'error dialing backend', 'text/plain');
        },
      },
      async (cluster) => {
        const whole = await cluster.dumps('node-a');
        assert.equal(whole.partial, undefined);
        away = true;
        await assert.rejects(
          cluster.dumps('node-a', { fresh: true }),
          reason('incomplete', /error dialing backend.*The capture before is kept/),
        );
        assert.equal(cluster.heldDumps('node-a'), whole);
      },
    );
  });

  test('who may not list Nodes sees those of the kube-proxy pods', () =>
    withCluster(
      {
        objects: { pods: [proxyPod('node-a'), proxyPod('node-b')] },
        intercept(request, response) {
          if (!request.url?.startsWith('/api/v1/nodes')) return false;
          writeJson(response, 403, { kind: 'Status', message: 'nodes is forbidden', code: 403 });
          return true;
        },
      },
      async (cluster) => {
        const { items, partial } = await cluster.list('nodes');
        assert.deepEqual(
          items.map(({ metadata }) => metadata.name),
          ['node-a', 'node-b'],
        );
        assert.match(partial ?? '', /list on nodes.*kube-proxy's pods run/);
      },
    ));

  test('cancel keeps what was fetched; the node can be fetched again', async () => {
    const controller = new AbortController();
    await withCluster(
      {
        exec: ({ command }) => {
          if (command[0] !== 'ipset') return prints('COMMIT\n# Completed\n');
          if (!controller.signal.aborted) return () => controller.abort();
          return prints('');
        },
      },
      async (cluster) => {
        const { partial } = await cluster.dumps('node-a', { signal: controller.signal });
        assert.match(partial ?? '', /^Cancelled/);
        const again = await cluster.dumps('node-a', { fresh: true });
        assert.equal(again.partial, undefined);
        assert.equal(cluster.heldDumps('node-a'), again);
        assert.deepEqual(cluster.heldNodes(), ['node-a']);
      },
    );
  });

  test('no more nodes at a time than the setting says', async () => {
    let now = 0;
    let most = 0;
    const [two, held] = [gate(), gate()];
    const names = Array.from({ length: 6 }, (_, i) => `n${i}`);
    await withCluster(
      {
        objects: { pods: names.map((name) => proxyPod(name)) },
        exec: () => async (session) => {
          most = Math.max(most, ++now);
          if (now === 2) two.open();
          await held.opened;
          now--;
          missingBinary(session);
        },
      },
      async (cluster, server) => {
        const all = names.map((name) => cluster.dumps(name));
        await two.opened;
        // A request of our own goes the whole way: a third node's would have come before.
        await fetch(`${server.url}/version`);
        held.open();
        await Promise.all(all);
        assert.equal(most, 2);
      },
      { parallelNodes: 2 },
    );
  });

  test('forbidden to exec: which verb on which resource', () =>
    withCluster(
      {
        exec: () => (session) => {
          session.refuse(403, '{"message":"pods \\"kube-proxy\\" is forbidden: "}');
        },
      },
      (cluster) =>
        assert.rejects(cluster.dumps('node-a'), reason('forbidden', /create on pods\/exec/)),
    ));

  test('who may create on pods/exec alone: both verbs, and why kubectl works', () => {
    const message =
      'pods \\"kube-proxy\\" is forbidden: User \\"u\\" cannot get resource \\"pods/exec\\" in the namespace \\"kube-system\\"';
    return withCluster(
      { exec: () => (session) => session.refuse(403, `{"message":"${message}"}`) },
      (cluster) =>
        assert.rejects(cluster.dumps('node-a'), (error: ClusterError) => {
          assert.deepEqual(error.detail.right, {
            verb: 'get',
            resource: 'pods/exec',
            namespace: 'kube-system',
          });
          assert.match(error.message, /get on pods\/exec .*the verbs get and create; kubectl does/);
          return error.reason === 'forbidden';
        }),
    );
  });

  test('the manifests have their kind; the lists are read', () =>
    withCluster({}, async (cluster) => {
      const [manifest] = await cluster.manifests('nodes');
      assert.equal(manifest?.kind, 'Node');
      assert.equal((await cluster.list('nodes')).items[0]?.metadata.name, 'node-a');
    }));

  test('a capture of a live cluster opens as a snapshot', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kpi-'));
    await withCluster({}, async (cluster) => {
      const missing = await captureSnapshot(cluster, join(folder, 'new'));
      assert.deepEqual(missing, []);
      const copy = openSnapshot(join(folder, 'new'));
      assert.equal((await copy.info()).version, 'v1.36.2');
      const dumps = await copy.dumps('node-a');
      assert.equal(dumps.pod?.name, 'kube-proxy-node-a');
      assert.deepEqual(problems(dumps), problems(await cluster.dumps('node-a')));
      const failed = dumps.dumps.find(({ problem }) => problem?.kind === 'exit-code');
      assert.match(failed?.stderr ?? '', /No such file/);
    });
    await rm(folder, { recursive: true });
  });
});

suite('which pod', () => {
  test('none on the node: says which setting helps', () =>
    withCluster({ objects: { pods: [] } }, (cluster) =>
      assert.rejects(cluster.dumps('node-a'), reason('no-pod', /kubeProxyInspector\.pods/)),
    ));

  test('one that is not running, or not on the host network', async () => {
    for (const [parts, message] of [
      [{ status: { phase: 'Pending' } }, /is not running \(Pending\)/],
      [
        {
          spec: { nodeName: 'node-a', hostNetwork: true, containers: [{ name: 'kube-proxy' }] },
          status: {
            phase: 'Running',
            containerStatuses: [
              { name: 'kube-proxy', state: { waiting: { reason: 'CrashLoopBackOff' } } },
            ],
          },
        },
        /has no running container kube-proxy \(CrashLoopBackOff\)/,
      ],
      [{ spec: { nodeName: 'node-a', containers: [] } }, /hostNetwork/],
    ] as const) {
      await withCluster({ objects: { pods: [proxyPod('node-a', parts)] } }, (cluster) =>
        assert.rejects(cluster.dumps('node-a'), reason('no-pod', message)),
      );
    }
  });

  test('by the setting: another label, namespace and container', () => {
    const pod = proxyPod('node-a', {
      metadata: { name: 'cilium-x', namespace: 'cilium', labels: { 'k8s-app': 'cilium' } },
    });
    const pods = { namespace: 'cilium', labelSelector: 'k8s-app=cilium', container: 'agent' };
    return withCluster(
      { objects: { pods: [pod] }, exec: () => missingBinary },
      async (cluster, server) => {
        await cluster.dumps('node-a');
        assert.equal(server.execs[0]?.container, 'agent');
        assert.equal(server.execs[0]?.namespace, 'cilium');
      },
      { pods },
    );
  });

  test('a debug pod only after a yes, bound to the node, and removed', async () => {
    const asked: string[] = [];
    const mayCreatePod = (name: string) => Promise.resolve(asked.push(name) > 1);
    const leftover = proxyPod('node-a', {
      metadata: {
        name: 'kube-proxy-inspector-old',
        namespace: 'shop',
        labels: { 'app.kubernetes.io/managed-by': 'kube-proxy-inspector' },
      },
      status: { phase: 'Failed' },
    });
    const objects = { nodes: [{ metadata: { name: 'node-a', uid: 'u1' } }], pods: [leftover] };
    await withCluster(
      { objects, exec: () => missingBinary },
      async (cluster, server) => {
        await assert.rejects(cluster.dumps('node-a'), reason('no-pod'));
        let spec: Record<string, unknown> = {};
        let owner: unknown;
        const dumps = await cluster.dumps('node-a', {
          onProgress: () => {
            const pod = server.objects['pods']?.at(-1);
            spec = (pod?.spec ?? spec) as typeof spec;
            owner = pod && (pod.metadata as { ownerReferences?: unknown }).ownerReferences;
          },
        });
        assert.deepEqual(owner, [{ apiVersion: 'v1', kind: 'Node', name: 'node-a', uid: 'u1' }]);
        assert.deepEqual(asked, ['node-a', 'node-a']);
        assert.equal(spec['activeDeadlineSeconds'], 600);
        assert.equal(spec['hostNetwork'], true);
        assert.equal(spec['nodeName'], 'node-a');
        assert.equal(dumps.pod?.container, 'tools');
        assert.deepEqual(server.objects['pods'], []);
      },
      { mayCreatePod },
    );
  });
});

suite('a debug pod when VS Code closes', () => {
  const objects = { nodes: [{ metadata: { name: 'node-a', uid: 'u1' } }], pods: [] };
  const mayCreatePod = () => Promise.resolve(true);
  const isOurs = (request: string) => /^DELETE .*\/pods\/kube-proxy-inspector-/.test(request);

  test('is removed with the fetch that made it', async () => {
    let close: () => void = () => undefined;
    await withCluster(
      // The command never ends: VS Code closes while it runs.
      { objects, exec: () => () => close() },
      async (cluster, server) => {
        close = () => cluster.dispose();
        await assert.rejects(cluster.dumps('node-a'), reason('cancelled'));
        assert.equal(server.requests.filter(isOurs).length, 1);
        assert.deepEqual(server.objects['pods'], []);
      },
      { mayCreatePod },
    );
  });

  test('and is cancelled while it starts, too', async () => {
    const controller = new AbortController();
    await withCluster(
      {
        objects,
        intercept(request, response) {
          if (request.method !== 'GET' || !request.url?.includes('/pods/')) return false;
          // Its image is being pulled.
          response.end('{"metadata":{"name":"p"},"status":{"phase":"Pending"}}');
          controller.abort();
          return true;
        },
      },
      async (cluster, server) => {
        const { signal } = controller;
        await assert.rejects(cluster.dumps('node-a', { signal }), reason('cancelled'));
        assert.equal(server.requests.filter(isOurs).length, 1);
      },
      { mayCreatePod },
    );
  });
});

suite('log', () => {
  test('no secret gets into it', () => {
    const text = withoutSecrets(
      'Authorization: Bearer abc.def, {"token":"xyz"}, https://u:pw@host/ eyJhbGciOi.eyJzdWIi.sig',
    );
    assert.doesNotMatch(text, /abc|xyz|pw|eyJ/);
    assert.match(text, /host/);
  });
});
