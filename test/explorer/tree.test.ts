import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as l10n from '@vscode/l10n';
import { capturedObjects } from '../../src/cluster/capturedObjects';
import type { Cluster, NodeDumps, Resource } from '../../src/cluster/cluster';
import { ClusterError, type ClusterErrorReason } from '../../src/cluster/error';
import { openSnapshot } from '../../src/cluster/snapshot/snapshot';
import { faultsOf } from '../../src/core/finding';
import { clusterNode } from '../../src/explorer/tree/clusters';
import { stateNode } from '../../src/explorer/tree/states';
import type { TreeNode, TreeWorld } from '../../src/explorer/tree/node';
import { readObject } from '../../src/syntax/objects/readObject';
import { findingsByService } from '../../src/core/findings/byService';
import { checkNode } from '../../src/core/findings/checkNode';
import { programmed } from '../../src/core/kubeproxy/programmed';
import { finish } from '../../src/core/work';
import { releaseOf } from '../../src/core/kubeproxy/release/judge';
import { foundInCluster } from '../../src/workspace/findings/foundInCluster';
import { nodeStates } from '../../src/workspace/clusters/nodeStates';
import { testParser } from '../syntax/parser';

const sample = fileURLToPath(new URL('../../samples/kubernetes-1.36-iptables', import.meta.url));

function world(parts: Partial<TreeWorld> = {}): TreeWorld {
  return {
    l10n,
    filter: '',
    sort: 'name',
    now: () => Date.parse('2026-11-21T15:00:00Z'),
    fetchDumps: (cluster, node) => cluster.dumps(node),
    nodeState: nodeStates(testParser),
    nodeRelease: (state) => Promise.resolve(finish(releaseOf(state))),
    nodeFindings: async (_, dumps) => finish(checkNode(await nodeStates(testParser)(dumps))),
    clusterFindings: () => undefined,
    knownFindings: () => undefined,
    ...parts,
  };
}

/** The node at the end of a path of labels; `''` for the cluster itself. */
async function at(cluster: Cluster, path: string, around = world()): Promise<TreeNode> {
  let node = clusterNode(around, cluster, { current: true, folder: '/x' });
  for (const label of path.split('/').filter((part) => part !== '')) {
    const children = (await node.children?.(new AbortController().signal)) ?? [];
    const next = children.find((child) => child.label === label);
    assert.ok(next, `${label} among ${children.map((child) => child.label).join(', ')}`);
    node = next;
  }
  return node;
}

async function below(cluster: Cluster, path: string, around = world()): Promise<string[]> {
  const node = await at(cluster, path, around);
  const children = (await node.children?.(new AbortController().signal)) ?? [];
  return children.map(({ label, description }) => `${label}: ${description}`);
}

/** A cluster of objects in the API's own form. */
function clusterOf(objects: Partial<Record<Resource, readonly object[]>>): Cluster {
  const snapshot = openSnapshot('/none');
  return {
    ...snapshot,
    list: (resource: Resource) =>
      Promise.resolve({ items: (objects[resource] ?? []).map((object) => readObject(object)) }),
  } as unknown as Cluster;
}

const service = (name: string, namespace = 'shop') => ({
  kind: 'Service',
  metadata: { name, namespace },
  spec: { type: 'ClusterIP', clusterIP: '10.96.0.9', ports: [{ port: 80, protocol: 'TCP' }] },
});

function slice(name: string, ...endpoints: object[]) {
  return {
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-x`,
      namespace: 'shop',
      labels: { 'kubernetes.io/service-name': name },
    },
    addressType: 'IPv4',
    ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    endpoints,
  };
}

const endpoint = (address: string, ready: boolean) => ({
  addresses: [address],
  conditions: { ready },
});

suite('explorer tree: a sample', () => {
  const cluster = openSnapshot(sample);

  test('Services by namespace, with type, address, ports and readiness', async () => {
    assert.deepEqual(await below(cluster, ''), ['Services: undefined', 'Nodes: undefined']);
    assert.deepEqual(await below(cluster, 'Services/kube-system'), [
      'kube-dns: 2/2 ready · ClusterIP · 10.96.0.10 · 53/UDP, 53/TCP, 9153/TCP',
      'node-exporter: 2/2 ready · ClusterIP · 10.104.205.203 · 9100/TCP',
    ]);
  });

  test('ports and endpoints with Pod and node', async () => {
    const lines = await below(cluster, 'Services/kube-system/kube-dns');
    assert.equal(lines[0], '53/UDP: dns · → 53');
    assert.match(lines[3] ?? '', /^10\.244\.0\.5: coredns-\S+ · on node-a · ready$/);
  });

  test("a node's dumps, the mode first", async () => {
    const lines = await below(cluster, 'Nodes/node-a');
    assert.equal(lines[0], 'kube-proxy in iptables mode: 1.31 or later · proxyMode.txt');
    assert.match(lines[1] ?? '', /^Nothing wrong is seen: notes: \d+$/);
    assert.ok(lines.includes('ipset-save.txt: empty'));
    const { description } = await at(cluster, 'Nodes/node-a');
    assert.equal(description, 'v1.36.2 · captured 2026-11-21 13:42');
  });

  test('beside a dump that was cut, nothing wrong is seen only as far as the dumps go', async () => {
    const whole = await cluster.dumps('node-a');
    const verdictOf = async (dumps: typeof whole) => {
      const around = world({ fetchDumps: () => Promise.resolve(dumps) });
      return (await below(cluster, 'Nodes/node-a', around)).find((line) => /^Nothing/.test(line));
    };
    const [first, ...others] = whole.dumps;
    const problem = { kind: 'cut', message: 'The connection was cut.' } as const;
    assert.match((await verdictOf(whole))!, /^Nothing wrong is seen: /);
    const far = /^Nothing wrong is seen; the dumps are not whole: /;
    assert.match((await verdictOf({ ...whole, dumps: [{ ...first!, problem }, ...others] }))!, far);
    assert.match((await verdictOf({ ...whole, partial: 'Cancelled.' }))!, far);
  });

  test('dumps of a live node grow stale, those of a snapshot are old by nature', async () => {
    await cluster.dumps('node-a');
    const live = { ...cluster, offline: false };
    const described = async (minutes: number, of: Cluster = live) => {
      const captured = Date.parse(cluster.heldDumps('node-a')?.captured ?? '');
      const around = world({ now: () => captured + minutes * 60_000 });
      return (await at(of, 'Nodes/node-a', around)).description?.split(' · ').at(-1);
    };
    assert.equal(await described(0.5), 'just captured');
    assert.equal(await described(5), 'stale since 5 min');
    assert.equal(await described(180), 'stale since 3 h');
    assert.equal(await described(72 * 60), 'captured 2026-11-21 13:42');
    assert.equal(await described(5, cluster), 'captured 2026-11-21 13:42');
  });

  test('a targetPort that names no port: never a count of ready endpoints', async () => {
    const { description, icon } = await at(cluster, 'Services/shop/typo-port');
    assert.match(description ?? '', /^(\d findings? · )?no endpoint has a port named htttp/);
    assert.doesNotMatch(description ?? '', /\d\/\d ready/);
    assert.equal(icon, 'error');
  });

  test('Services without rules are offered no trace', async () => {
    for (const name of ['db', 'legacy-api', 'mesh-only']) {
      const { contextValue, description } = await at(cluster, `Services/shop/${name}`);
      assert.equal(contextValue, 'service-untraced', name);
      assert.doesNotMatch(description ?? '', /ready/, name);
    }
  });
});

suite('explorer tree: readiness and order', () => {
  const cluster = clusterOf({
    services: ['a-good', 'b-half', 'c-none'].map((name) => service(name)),
    endpointslices: [
      slice('a-good', endpoint('10.0.0.1', true)),
      slice('b-half', endpoint('10.0.0.2', true), endpoint('10.0.0.3', false)),
    ],
  });

  test('what is wrong stands out', async () => {
    const icons = async (name: string) => (await at(cluster, `Services/shop/${name}`)).icon;
    assert.equal(await icons('a-good'), 'symbol-interface');
    assert.equal(await icons('b-half'), 'warning');
    assert.equal(await icons('c-none'), 'error');
  });

  test('sorted by problems, the worst come first', async () => {
    const labels = (lines: string[]) => lines.map((line) => line.split(':')[0]);
    assert.deepEqual(labels(await below(cluster, 'Services/shop', world({ sort: 'problems' }))), [
      'c-none',
      'b-half',
      'a-good',
    ]);
  });

  test('a Pod with two addresses counts once', async () => {
    const pod = { targetRef: { kind: 'Pod', namespace: 'shop', name: 'p' } };
    const dual = clusterOf({
      services: [service('dual')],
      endpointslices: [
        slice('dual', { ...endpoint('10.0.0.1', true), ...pod }),
        slice('dual', { ...endpoint('fd00::1', true), ...pod }),
      ],
    });
    assert.match((await below(dual, 'Services/shop'))[0] ?? '', /^dual: 1\/1 ready/);
  });
});

suite('explorer tree: filter and pages', () => {
  test('the filter looks at names, addresses and ports', async () => {
    const cluster = openSnapshot(sample);
    for (const [filter, expected] of [
      ['kube-dns', ['kube-system: 1']],
      ['10.96.0.10', ['kube-system: 1']],
      ['9153', ['kube-system: 1']],
    ] as const) {
      assert.deepEqual(await below(cluster, 'Services', world({ filter })), expected, filter);
    }
    const nothing = await below(cluster, 'Services', world({ filter: 'zzz' }));
    assert.match(nothing[0] ?? '', /^None of \d+ Services has "zzz"/);
  });

  test('5,000 Services come in pages of 200, 1,000 nodes too', async () => {
    const name = (i: number) => String(i).padStart(4, '0');
    const cluster = clusterOf({
      services: Array.from({ length: 5000 }, (_, i) => service(`svc-${name(i)}`)),
      nodes: Array.from({ length: 1000 }, (_, i) => ({
        kind: 'Node',
        metadata: { name: `node-${name(i)}` },
      })),
    });
    const pages = await below(cluster, 'Services/shop');
    assert.equal(pages.length, 25);
    assert.equal(pages[0], 'svc-0000 … svc-0199: 200');
    assert.equal((await below(cluster, 'Nodes')).length, 5);
    assert.equal((await below(cluster, 'Services/shop/svc-0000 … svc-0199')).length, 200);
  });

  test('ids are unique, so that VS Code keeps the lines apart', async () => {
    const seen = new Set<string>();
    const walk = async (node: TreeNode): Promise<void> => {
      assert.ok(!seen.has(node.id), node.id);
      seen.add(node.id);
      for (const child of (await node.children?.(new AbortController().signal)) ?? []) {
        await walk(child);
      }
    };
    await walk(await at(openSnapshot(sample), ''));
    assert.ok(seen.size > 100);
  });
});

suite('explorer tree: states', () => {
  test('forbidden names the verb, the resource and the namespace', () => {
    const right = { verb: 'list', resource: 'services', namespace: 'shop' };
    const error = new ClusterError('forbidden', 'services is forbidden: User "x"', { right });
    const node = stateNode(world(), 'parent', error);
    assert.equal(node.label, 'Forbidden: list services in shop');
    assert.match(node.description ?? '', /User "x"/);
    assert.equal(node.icon, 'lock');
  });

  test('no kubeconfig leads to the setting, the others to a refresh', () => {
    const command = (reason: 'no-kubeconfig' | 'unreachable') =>
      stateNode(world(), 'p', new ClusterError(reason, 'why')).command?.id;
    assert.equal(command('no-kubeconfig'), 'kubeProxyInspector.selectKubeconfig');
    assert.equal(command('unreachable'), 'kubeProxyInspector.refreshExplorer');
  });

  test('each state has a label, a message and something to do', () => {
    const reasons: Record<ClusterErrorReason, string> = {
      'no-kubeconfig': 'No kubeconfig',
      'bad-kubeconfig': 'The kubeconfig is broken',
      unreachable: 'Unreachable',
      tls: 'Not trusted',
      credentials: 'Not logged in',
      forbidden: 'Forbidden',
      'not-found': 'The cluster answered with an error',
      expired: 'The cluster answered with an error',
      throttled: 'The cluster is busy',
      timeout: 'No answer',
      cancelled: 'Cancelled',
      incomplete: 'Not captured whole',
      'no-pod': 'No kube-proxy pod',
      'broken-snapshot': 'Not a snapshot',
      server: 'The cluster answered with an error',
    };
    for (const [reason, label] of Object.entries(reasons)) {
      const error = new ClusterError(reason as ClusterErrorReason, `why ${reason}`);
      const node = stateNode(world(), 'p', error);
      assert.equal(node.label, label);
      assert.equal(node.description, `why ${reason}`);
      assert.ok(node.command && node.icon, reason);
      assert.equal(node.contextValue, `state-${reason}`);
    }
  });

  test('a partial list says why', async () => {
    const cluster = clusterOf({});
    const partial: Cluster = {
      ...cluster,
      list: () => Promise.resolve({ items: [], partial: 'Only namespace shop.' }),
    };
    assert.deepEqual(await below(partial, 'Services'), [
      'Not complete: Only namespace shop.',
      'No Services: undefined',
    ]);
  });

  test('the row below a node counts what its badge counts: what the objects show, too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-proxy-stale-'));
    try {
      await cp(sample, folder, { recursive: true });
      const slices = join(folder, 'objects', 'endpointslices.yaml');
      const whole = await readFile(slices, 'utf8');
      // No EndpointSlice has the first endpoint any more: the rules alone do not tell.
      const [address] = /10\.244\.\d+\.\d+/.exec(whole)!;
      await writeFile(slices, whole.replaceAll(address, '10.244.1.222'));
      const cluster = openSnapshot(folder);
      const states = nodeStates(testParser);
      const checked = async (of: Cluster, dumps: NodeDumps) => {
        const [state, objects] = [await states(dumps), await capturedObjects(of)];
        const findings = finish(checkNode(state, { objects }));
        const { ports } = finish(programmed(state, objects?.services));
        return { findings, ...finish(findingsByService(findings, ports)) };
      };
      const found = foundInCluster(
        new Map([['node-a', await checked(cluster, await cluster.dumps('node-a'))]]),
      );
      const around = world({
        clusterFindings: () => found,
        nodeFindings: async (of, dumps) => (await checked(of, dumps)).findings,
      });
      const badge = (await at(cluster, 'Nodes/node-a', around)).faults?.length ?? 0;
      const row = (await below(cluster, 'Nodes/node-a', around)).join('\n');
      const [, errors, warnings] = /Errors: (\d+), warnings: (\d+)/.exec(row) ?? [];
      assert.ok(badge > 0);
      assert.equal(Number(errors) + Number(warnings), badge, row);
      const alone = faultsOf(finish(checkNode(await states(await cluster.dumps('node-a')))));
      assert.ok(alone.length < badge);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('a snapshot has the same objects until it is read anew', async () => {
    const cluster = openSnapshot(sample);
    const first = await capturedObjects(cluster);
    assert.ok(first);
    assert.equal(await capturedObjects(cluster), first);
    cluster.refresh();
    assert.notEqual(await capturedObjects(cluster), first);
  });

  test('what is wrong stands first under the cluster, Services, Nodes, and beside each name', async () => {
    const wrong = (message: string, severity: 'error' | 'warning') => ({
      severity,
      code: 'x',
      message,
      range: { source: 's', line: 0, start: 0, end: 1 },
    });
    const found = {
      services: new Map([['default/whoami', [wrong('lacks an endpoint', 'warning')]]]),
      nodes: new Map([
        ['node-a', [wrong('nothing leads to the rules of Services', 'error')]],
        ['node-b', [wrong('nothing leads to the rules of Services', 'error')]],
      ]),
    };
    const around = world({ clusterFindings: () => found, knownFindings: () => found });
    const cluster = openSnapshot(sample);
    assert.equal(
      (await below(cluster, '', around))[0],
      '2 findings: nothing leads to the rules of Services',
    );
    assert.equal((await below(cluster, 'Services', around))[0], '1 finding: lacks an endpoint');
    const nodes = await below(cluster, 'Nodes', around);
    assert.equal(nodes[0], '1 finding: nothing leads to the rules of Services');
    assert.match(nodes[1] ?? '', /^node-a: 1 finding · /);
    const services = await below(cluster, 'Services/default', around);
    assert.ok(services.some((row) => /^whoami: 1 finding · \d+\/\d+ ready/.test(row)));
    const whoami = await at(cluster, 'Services/default/whoami/1 finding', around);
    assert.equal(whoami.target?.kind, 'service');
    assert.equal(whoami.command?.id, 'kubeProxyInspector.explorer.whatIsWrong');
    assert.equal((await below(cluster, ''))[0], 'Services: undefined');
    // What the badges count: what both nodes have counts once above them.
    const counted = async (path: string) => (await at(cluster, path, around)).faults?.length;
    assert.equal(await counted('Services'), 1);
    assert.equal(await counted('Nodes'), 1);
    assert.equal(await counted('Nodes/node-a'), 1);
    assert.equal(await counted('Services/default/whoami'), 1);
    assert.equal(clusterNode(around, cluster, { current: false }).faults?.length, 2);
    // A cluster that nobody opened is not looked at for its badge.
    assert.deepEqual(clusterNode(world(), cluster, { current: false }).faults, []);
  });
});
