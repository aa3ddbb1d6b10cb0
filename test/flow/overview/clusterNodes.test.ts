import assert from 'node:assert/strict';
import type { Uri } from 'vscode';
import type { Cluster, Dump, NodeDumps } from '../../../src/cluster/cluster';
import type { NodeState } from '../../../src/core/node';
import { clusterNodes } from '../../../src/flow/overview/clusterNodes';
import { objectsOf } from '../../dumps';

const services = `apiVersion: v1
kind: ServiceList
items:
- metadata: {name: web, namespace: shop}
  spec: {clusterIP: 10.96.0.1, ports: [{name: https, port: 443, protocol: TCP}, {name: http, port: 80, protocol: TCP}]}
- metadata: {name: db, namespace: shop}
  spec: {clusterIP: None, ports: [{port: 1}]}
- metadata: {name: dns, namespace: kube-system}
  spec: {clusterIP: 10.96.0.10, ports: [{port: 53, protocol: UDP}]}
`;
const dump = (name: string, bytes = 10, problem?: string) =>
  ({
    name,
    bytes,
    problem: problem && { kind: 'incomplete', message: problem },
  }) as unknown as Dump;
const dumps = (node: string, ...own: Dump[]) =>
  ({ node, dumps: own, captured: `of ${node}` }) as unknown as NodeDumps;

/** The nodes of a made cluster, and what was asked of it. */
async function made(given: Partial<Cluster> = {}, shown = 'iptables-save.txt') {
  const { services: items } = await objectsOf(new Map([['s.yaml', services]]));
  const held = new Map([['b', dumps('b')]]);
  const fetches: { node: string; hold: boolean | undefined; fresh: boolean | undefined }[] = [];
  let listener: (() => void) | undefined;
  const names = ['node-10', 'b', 'node-2'];
  const cluster = {
    offline: false,
    list: (resource: string) =>
      Promise.resolve({
        items:
          resource === 'services'
            ? items
            : resource === 'nodes'
              ? names.map((name) => ({
                  metadata: { name, namespace: '', labels: {} },
                  addresses: [],
                }))
              : [],
      }),
    heldDumps: (node: string) => held.get(node),
    dumps: (node: string, { hold, fresh }: { hold?: boolean; fresh?: boolean } = {}) => {
      fetches.push({ node, hold, fresh });
      return Promise.resolve(dumps(node, dump('iptables-save.txt', 200 << 20)));
    },
    onDidChange: (own: () => void) => {
      listener = own;
      return () => (listener = undefined);
    },
    ...given,
  } as unknown as Cluster;
  const states = ({ node }: NodeDumps) =>
    Promise.resolve({ name: node, rulesets: [], findings: [] } as NodeState);
  let shownOf = dumps('b');
  const nodes = clusterNodes(
    { path: `/c/nodes/a/${shown}` } as Uri,
    cluster,
    { uriOf: (_, { node }, name) => `${node}/${name}` as unknown as Uri },
    states,
    () => Promise.resolve(shownOf),
  );
  const dumpOf = async (...own: Dump[]) => {
    shownOf = dumps('b', ...own);
    return String(await nodes.dump('b'));
  };
  return {
    nodes,
    fetches,
    dumpOf,
    fire: () => listener?.(),
    listens: () => listener !== undefined,
  };
}

suite('the nodes of a cluster for the table', () => {
  test('by name, numbers as numbers; whose dumps are held', async () => {
    const { nodes } = await made();
    assert.deepEqual(await nodes.list(), [
      { name: 'b', held: true },
      { name: 'node-2', held: false },
      { name: 'node-10', held: false },
    ]);
    const offline = await made({ offline: true });
    assert.ok((await offline.nodes.list()).every(({ held }) => held));
  });

  test('captures of a live cluster are told apart by their time; a snapshot has one', async () => {
    const { nodes } = await made();
    assert.deepEqual([nodes.capture('b'), nodes.capture('node-2')], ['of b', undefined]);
    assert.equal((await made({ offline: true })).nodes.capture('b'), undefined);
  });

  test('the family is that of the dump that was shown', async () => {
    assert.equal((await made()).nodes.family, 4);
    assert.equal((await made({}, 'ip6tables-save.txt')).nodes.family, 6);
  });

  test('each port of the Services that kube-proxy serves, by name', async () => {
    const { nodes } = await made();
    assert.deepEqual(
      (await nodes.services()).map(({ id, description }) => `${id} ${description}`),
      [
        'kube-system/dns/UDP 10.96.0.10:53/UDP',
        'shop/web:http/TCP 10.96.0.1:80/TCP',
        'shop/web:https/TCP 10.96.0.1:443/TCP',
      ],
    );
  });

  test('what is held is read; what is no longer held says so, and is not fetched for it', async () => {
    const { nodes, fetches } = await made();
    assert.equal((await nodes.state('b')).name, 'b');
    await assert.rejects(nodes.state('node-2'), /The dumps of node-2 are no longer held\./);
    assert.deepEqual(fetches, []);
  });

  test('fetched afresh; kept until 256 MB are; nobody is asked of a snapshot', async () => {
    const { nodes, fetches } = await made();
    const { signal } = new AbortController();
    for (const node of ['b', 'node-2', 'node-10']) await nodes.fetch!(node, signal);
    assert.deepEqual(fetches, [
      { node: 'b', hold: true, fresh: true },
      { node: 'node-2', hold: true, fresh: true },
      { node: 'node-10', hold: false, fresh: true },
    ]);
    assert.equal((await made({ offline: true })).nodes.fetch, undefined);
  });

  test('the dump to draw from: the one of the shown name, else the one that tells most', async () => {
    const { dumpOf } = await made();
    const cases: [Dump[], string][] = [
      [[dump('ipvsadm-Ln.txt'), dump('iptables-save.txt')], 'iptables-save.txt'],
      // Empty, or not there: another that tells of Services.
      [[dump('iptables-save.txt', 0), dump('nft-list-ruleset.txt')], 'nft-list-ruleset.txt'],
      // A whole one before one that was cut.
      [[dump('nft-list-ruleset.txt', 10, 'cut'), dump('ipvsadm-Ln.txt')], 'ipvsadm-Ln.txt'],
      // But the one that is shown, whatever its state.
      [[dump('iptables-save.txt', 10, 'cut'), dump('ipvsadm-Ln.txt')], 'iptables-save.txt'],
      [[dump('ip-addr.txt')], 'ip-addr.txt'],
      [[], 'iptables-save.txt'],
    ];
    for (const [own, expected] of cases) assert.equal(await dumpOf(...own), `b/${expected}`);
  });

  test('changes of the cluster are told without a name, until nobody listens', async () => {
    const { nodes, fire, listens } = await made();
    const told: unknown[] = [];
    const subscription = nodes.onDidChange((node) => told.push(node));
    fire();
    assert.deepEqual(told, [undefined]);
    subscription.dispose();
    assert.equal(listens(), false);
  });
});
