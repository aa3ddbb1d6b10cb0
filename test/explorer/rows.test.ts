import assert from 'node:assert/strict';
import * as l10n from '@vscode/l10n';
import type { Cluster, Dump, NodeDumps, Resource } from '../../src/cluster/cluster';
import { openSnapshot } from '../../src/cluster/snapshot/snapshot';
import type { Finding } from '../../src/core/finding';
import type { NodeState } from '../../src/core/node';
import { clusterNode } from '../../src/explorer/tree/clusters';
import type { TreeNode, TreeWorld } from '../../src/explorer/tree/node';
import { readObject } from '../../src/syntax/objects/readObject';

const finding = (severity: Finding['severity'], message: string): Finding => ({
  ...{ severity, code: 'x', message, range: { source: 's', line: 0, start: 0, end: 0 } },
});

function world(parts: Partial<TreeWorld> = {}): TreeWorld {
  const state: NodeState = { name: 'n', rulesets: [], findings: [] };
  return {
    ...{ l10n, filter: '', sort: 'name' as const, now: () => 0 },
    fetchDumps: (_, node) => Promise.resolve({ node, dumps: [] }),
    nodeState: () => Promise.resolve(state),
    nodeRelease: () => Promise.resolve(undefined),
    nodeFindings: () => Promise.resolve([]),
    clusterFindings: () => undefined,
    knownFindings: () => undefined,
    ...parts,
  };
}

function clusterOf(
  objects: Partial<Record<Resource, readonly object[]>>,
  more: Partial<Cluster> = {},
): Cluster {
  return {
    ...openSnapshot('/none'),
    list: (resource: Resource) =>
      Promise.resolve({ items: (objects[resource] ?? []).map((object) => readObject(object)) }),
    ...more,
  } as unknown as Cluster;
}

const children = async (node: TreeNode) =>
  (await node.children?.(new AbortController().signal)) ?? [];

async function at(cluster: Cluster, around: TreeWorld, ...path: string[]): Promise<TreeNode> {
  let node = clusterNode(around, cluster, { current: true });
  for (const label of path) {
    const found = await children(node);
    const next = found.find((child) => child.label === label);
    assert.ok(next, `${label} among ${found.map((child) => child.label).join(', ')}`);
    node = next;
  }
  return node;
}

const labels = async (node: TreeNode) => (await children(node)).map(({ label }) => label);

suite('explorer: rows of clusters', () => {
  test('a context is a cloud, a snapshot an archive; the current one is open', () => {
    const cluster = clusterOf({}, { title: 'kind', detail: 'https://h' });
    const row = (current: boolean, folder?: string) => {
      const node = clusterNode(world(), cluster, { current, ...(folder && { folder }) });
      return [node.icon, node.contextValue, node.description, node.open, node.tooltip];
    };
    assert.deepEqual(row(true), ['cloud', 'context', 'current context', true, 'https://h']);
    assert.deepEqual(row(false), ['cloud', 'context', undefined, false, 'https://h']);
    assert.deepEqual(row(true, '/x'), ['archive', 'snapshot-opened', undefined, true, 'https://h']);
    assert.deepEqual(row(false, '/x'), ['archive', 'snapshot', undefined, false, 'https://h']);
  });

  test('a bundle says what it has, what is missing, and the command for its sender', async () => {
    const bundle = (more: object) => {
      const report = {
        title: 'sos',
        present: ['rules'],
        missing: [],
        ask: undefined,
        notes: [],
        ...more,
      };
      const info = () => Promise.resolve({ bundle: report });
      return at(
        clusterOf({}, { offline: true, info } as unknown as Partial<Cluster>),
        world(),
      ).then(async (node) => (await children(node))[0]!);
    };
    const whole = await bundle({});
    assert.deepEqual(
      [
        whole.label,
        whole.description,
        whole.tooltip,
        whole.icon,
        whole.contextValue,
        whole.command,
      ],
      ['sos: rules', undefined, '', 'pass', 'bundle', undefined],
    );
    const lacking = await bundle({
      present: [],
      missing: ['sets', 'routes'],
      ask: 'tar',
      notes: ['One is cut.'],
    });
    assert.deepEqual(
      [lacking.label, lacking.description, lacking.tooltip, lacking.icon, lacking.contextValue],
      [
        ...['sos: nothing of a node', 'missing: sets, routes'],
        'One is cut.\n\nTo ask the sender for what is missing: tar',
        ...['info', 'bundle-asks'],
      ],
    );
    assert.equal(lacking.command?.id, 'kubeProxyInspector.copyBundleCommand');
    assert.equal((await bundle({ notes: ['x'] })).icon, 'info');
  });
});

suite('explorer: rows of Services', () => {
  const service = (name: string, spec: object = {}) => ({
    ...{ kind: 'Service', metadata: { name, namespace: 'shop' } },
    spec: {
      clusterIP: '10.96.0.9',
      ports: [{ name: 'web', port: 80, targetPort: 8080, nodePort: 30080 }],
      ...spec,
    },
  });
  const slice = (name: string, ...endpoints: object[]) => ({
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-x`,
      namespace: 'shop',
      labels: { 'kubernetes.io/service-name': name },
    },
    ...{ addressType: 'IPv4', ports: [{ name: 'web', port: 8080 }], endpoints },
  });
  const ready = (address: string, more: object = {}) => ({
    addresses: [address],
    conditions: { ready: true },
    ...more,
  });
  const objects = {
    services: [service('web'), service('db', { clusterIP: 'None', ports: [] })],
    endpointslices: [
      slice(
        'web',
        ready('10.0.0.1', { nodeName: 'node-a', targetRef: { kind: 'Pod', name: 'web-1' } }),
        { addresses: ['10.0.0.2'], conditions: { ready: false } },
        { addresses: ['10.0.0.3'], conditions: { ready: false, serving: true, terminating: true } },
      ),
    ],
  };

  test('a Service of a table of kubectl get: no endpoints are none that is told', async () => {
    const table = { ...readObject(service('web'))!, fromTable: true };
    const list = (resource: Resource) =>
      Promise.resolve({ items: resource === 'services' ? [table] : [] });
    const cluster = clusterOf({}, { list } as unknown as Partial<Cluster>);
    const web = await at(cluster, world(), 'Services', 'shop', 'web');
    assert.deepEqual([web.icon, web.color], ['symbol-interface', undefined]);
    assert.doesNotMatch(`${web.description} ${web.tooltip}`, /ready/);
  });

  test('a Service, its port and its endpoints', async () => {
    const cluster = clusterOf(objects);
    const web = await at(cluster, world(), 'Services', 'shop', 'web');
    assert.deepEqual(
      [web.icon, web.color, web.contextValue, web.target?.kind, web.open, web.tooltip],
      [
        ...['warning', 'list.warningForeground', 'service', 'service', false],
        'shop/web\nClusterIP\n10.96.0.9\n80:30080/TCP\n1 of 3 endpoints ready',
      ],
    );
    const [port, ...endpoints] = await children(web);
    assert.deepEqual(
      [port!.label, port!.description, port!.contextValue, port!.target?.kind],
      ['80/TCP', 'web · → 8080 · NodePort 30080', 'port', 'port'],
    );
    assert.deepEqual(
      endpoints.map((row) => [row.label, row.description, row.icon, row.color, row.contextValue]),
      [
        ['10.0.0.1', 'web-1 · on node-a · ready', 'circle-filled', 'charts.green', 'endpoint'],
        ['10.0.0.2', 'not ready', 'circle-outline', 'list.warningForeground', 'endpoint'],
        ['10.0.0.3', 'terminating', 'circle-outline', 'list.warningForeground', 'endpoint'],
      ],
    );
    assert.equal(endpoints[0]!.tooltip, '10.0.0.1\n8080/TCP\nweb-1\non node-a\nready');
    const db = await at(cluster, world(), 'Services', 'shop', 'db');
    assert.deepEqual(
      [db.icon, db.contextValue, db.description, db.tooltip],
      ['symbol-interface', 'service-untraced', 'ClusterIP · None', 'shop/db\nClusterIP'],
    );
  });

  test('an error of a Service is red, a warning yellow', async () => {
    const row = async (severity: Finding['severity']) => {
      const found = {
        services: new Map([['shop/db', [finding(severity, 'm')]]]),
        nodes: new Map(),
      };
      const db = await at(
        clusterOf(objects),
        world({ clusterFindings: () => found }),
        'Services',
        'shop',
        'db',
      );
      return [db.icon, db.color];
    };
    assert.deepEqual(await row('error'), ['error', 'list.errorForeground']);
    assert.deepEqual(await row('warning'), ['warning', 'list.warningForeground']);
  });

  test('a filter opens what it finds and looks at every field', async () => {
    const opened = async (filter: string) => {
      const rows = await children(await at(clusterOf(objects), world({ filter }), 'Services'));
      return rows.map(({ label, open }) => `${label} ${open ?? ''}`.trim());
    };
    assert.deepEqual(await opened(''), ['shop false']);
    for (const filter of ['shop/web', 'clusterip', '10.96.0.9', '30080', '80 30080 web']) {
      assert.deepEqual(await opened(filter), ['shop true'], filter);
    }
    assert.deepEqual(await opened('zzz'), ['None of 2 Services has "zzz"']);
  });

  test('by name, or those with problems first', async () => {
    const many = {
      services: ['c', 'a', 'b'].map((name) => service(name)),
      endpointslices: [
        slice('a', ready('10.0.0.1')),
        slice('b', ready('10.0.0.2'), { addresses: ['10.0.0.3'], conditions: { ready: false } }),
      ],
    };
    const order = async (sort: TreeWorld['sort']) =>
      labels(await at(clusterOf(many), world({ sort }), 'Services', 'shop'));
    assert.deepEqual(await order('name'), ['a', 'b', 'c']);
    assert.deepEqual(await order('problems'), ['c', 'b', 'a']);
  });
});

suite('explorer: rows of nodes', () => {
  const node = (name: string, more: object = {}) => ({ kind: 'Node', metadata: { name }, ...more });
  const status = (ready: string) => ({
    status: {
      nodeInfo: { kubeletVersion: 'v1.30.1', osImage: 'Debian', kernelVersion: '6.1' },
      conditions: [{ type: 'Ready', status: ready }],
    },
  });
  const objects = { nodes: [node('b', status('False')), node('a', status('True'))] };

  test('by name, in which numbers count', async () => {
    const nodes = ['node-10', 'node-2', 'node-1'].map((name) => node(name));
    const shown = await labels(await at(clusterOf({ nodes }), world(), 'Nodes'));
    assert.deepEqual(shown, ['node-1', 'node-2', 'node-10']);
  });

  test('in the order of their names; not ready is a warning, an error is red', async () => {
    const found = { services: new Map(), nodes: new Map([['a', [finding('error', 'm')]]]) };
    const around = world({ clusterFindings: () => found });
    const rows = (await children(await at(clusterOf(objects), around, 'Nodes'))).slice(1);
    assert.deepEqual(
      rows.map((row) => [row.label, row.description, row.tooltip, row.icon, row.color]),
      [
        ['a', '1 finding · v1.30.1', 'a\nDebian\n6.1', 'error', 'list.errorForeground'],
        ['b', 'not ready · v1.30.1', 'b\nDebian\n6.1', 'warning', 'list.warningForeground'],
      ],
    );
    assert.deepEqual(rows[0]!.target, { ...rows[0]!.target, kind: 'node', node: 'a' });
    const healthy = (await children(await at(clusterOf(objects), world(), 'Nodes')))[0]!;
    assert.deepEqual(
      [healthy.icon, healthy.color, healthy.contextValue],
      ['vm', undefined, 'node'],
    );
  });

  test('a filter that is for a Service leaves the nodes', async () => {
    const shown = async (filter: string) =>
      labels(await at(clusterOf(objects), world({ filter }), 'Nodes'));
    assert.deepEqual(await shown('b'), ['b']);
    assert.deepEqual(await shown('kube-dns'), ['a', 'b']);
    assert.deepEqual(await labels(await at(clusterOf({}), world(), 'Nodes')), ['No Nodes']);
  });

  test('below a node: its mode, what is wrong with it, its dumps', async () => {
    const dump = (name: string, more: Partial<Dump> = {}): Dump => ({
      ...{ name, bytes: 2048, stderr: '', command: ['ip', 'rule'] },
      read: () => Promise.resolve(''),
      pieces: async function* () {
        yield '';
      },
      ...more,
    });
    const dumps: NodeDumps = {
      node: 'a',
      pod: { namespace: 'kube-system', name: 'kube-proxy-x', container: 'c' },
      dumps: [
        dump('ip-rule.txt', { captured: '2026-11-21T13:42:24.123Z' }),
        dump('ipset-save.txt', { bytes: 0 }),
        dump('odd.txt', {
          bytes: 1023,
          problem: { kind: 'cut', message: 'cut' },
          stderr: ' why\n',
        }),
      ],
    } as NodeDumps;
    const rows = async (findings: readonly Finding[]) =>
      children(
        await at(
          clusterOf(objects),
          world({
            fetchDumps: () => Promise.resolve(dumps),
            nodeFindings: () => Promise.resolve(findings),
          }),
          ...['Nodes', 'a'],
        ),
      );
    const [mode, verdict, rule, sets, odd] = await rows([]);
    assert.deepEqual(
      [mode!.label, mode!.description, mode!.icon],
      ["kube-proxy's mode is unknown", 'from pod kube-system/kube-proxy-x', 'info'],
    );
    assert.deepEqual(
      [verdict!.label, verdict!.description, verdict!.icon, verdict!.color],
      ['Nothing wrong is seen; the dumps are not whole', undefined, 'pass', undefined],
    );
    assert.deepEqual(
      [rule!.description, rule!.tooltip, rule!.icon, rule!.contextValue, rule!.command?.id],
      [
        '2 KiB',
        'ip rule\n2026-11-21 13:42:24 UTC',
        'file-code',
        'dump',
        'kubeProxyInspector.openDump',
      ],
    );
    assert.deepEqual(
      [sets!.description, sets!.contextValue, sets!.command],
      ['empty', 'dump-empty', undefined],
    );
    assert.deepEqual(
      [odd!.description, odd!.tooltip, odd!.icon, odd!.color],
      ['cut', 'ip rule\ncut\nwhy', 'warning', 'list.warningForeground'],
    );
    const told = async (...findings: Finding[]) => {
      const row = (await rows(findings))[1]!;
      return [row.label, row.description, row.icon, row.color];
    };
    const [error, warning, note] = [
      finding('error', 'e'),
      finding('warning', 'w'),
      finding('information', 'i'),
    ];
    assert.deepEqual(await told(error, warning, warning), [
      'Errors: 1, warnings: 2',
      undefined,
      'error',
      'list.errorForeground',
    ]);
    assert.deepEqual(await told(warning, note), [
      'Errors: 0, warnings: 1',
      'notes: 1',
      'warning',
      'list.warningForeground',
    ]);
  });
});
