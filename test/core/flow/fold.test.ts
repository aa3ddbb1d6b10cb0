import assert from 'node:assert/strict';
import { canFold, foldChains } from '../../../src/core/flow/fold';
import type { FlowEntry, FlowGraph } from '../../../src/core/flow/graph';
import { edge, entry, loadBalancer, node } from '../../webview/graphs';

function graph(
  nodes: FlowGraph['nodes'],
  edges: FlowGraph['edges'],
  entries: readonly FlowEntry[] = [],
): FlowGraph {
  return { ...loadBalancer(), nodes, edges, entries };
}

const hook = node('PREROUTING', 'hook');
const chain = node('KUBE-SERVICES', 'chain');
const client = node('pods', 'entry');
const endpoint = node('10.0.0.1:80', 'endpoint');
const behind = node('POSTROUTING', 'hook');
const more = node('KUBE-POSTROUTING', 'chain');
const end = node('sent', 'exit');
const way = [client, hook, chain, endpoint, behind, more, end];
const edges = way.slice(1).map((to, i) => edge(way[i]!.id, to.id));

suite('chains folded', () => {
  test('those before the endpoints in one node, those behind in another', () => {
    const folded = foldChains(graph(way, edges));
    assert.deepEqual(
      folded.nodes.filter(({ kind }) => kind === 'chains').map(({ id, label }) => [id, label]),
      [
        ['chains before', '2'],
        ['chains behind', '2'],
      ],
    );
    assert.deepEqual(
      folded.edges.map(({ from, to }) => `${from} > ${to}`),
      [
        'pods > chains before',
        'chains before > 10.0.0.1:80',
        '10.0.0.1:80 > chains behind',
        'chains behind > sent',
      ],
    );
  });

  test('a single one stays as it is', () => {
    const short = [client, hook, endpoint, end];
    const plain = graph(
      short,
      short.slice(1).map((to, i) => edge(short[i]!.id, to.id)),
    );
    assert.equal(canFold(plain), false);
    assert.equal(foldChains(plain), plain);
    assert.equal(canFold(graph(way, edges)), true);
  });

  test('edges of several chains that no entry passes have no share together', () => {
    const two = [client, chain, node('KUBE-NODEPORTS', 'chain'), endpoint];
    const both = [1, 2].flatMap((i) => [
      edge(client.id, two[i]!.id),
      { ...edge(two[i]!.id, endpoint.id), label: '50 %' },
    ]);
    const ends = foldChains(graph(two, both)).edges.filter(({ to }) => to === endpoint.id);
    assert.deepEqual(
      ends.map(({ share, label }) => [share, label]),
      [[undefined, undefined]],
    );
  });

  test('an edge that stands for itself keeps its share and its label', () => {
    const two = [client, hook, chain, endpoint, end];
    const own = { share: 0.5, label: '50 %' };
    const all = two.slice(1).map((to, i) => edge(two[i]!.id, to.id, own));
    const folded = foldChains(graph(two, all)).edges;
    assert.deepEqual(
      folded.map(({ share, label }) => [share, label]),
      folded.map(() => [0.5, '50 %']),
    );
    assert.equal(folded.length, 3);
  });

  test('each mark of the chains is shown once', () => {
    const set = { action: 'set', bits: 0x4000 } as const;
    const test_ = { action: 'test', bits: 0x4000 } as const;
    const other = { action: 'set', bits: 0x8000 } as const;
    const marked = [
      client,
      { ...hook, marks: [set, test_] },
      { ...chain, marks: [set, other] },
      endpoint,
    ];
    const folded = foldChains(graph(marked, edges.slice(0, 3)));
    const found = folded.nodes.find(({ kind }) => kind === 'chains')!;
    assert.deepEqual(found.marks, [set, test_, other]);
  });

  test('edges of several chains to one place: the shares of the entries, which are of other packets', () => {
    const second = node('KUBE-EXT', 'chain');
    const outside = node('outside', 'entry');
    const nodes = [client, outside, chain, second, endpoint];
    const both = [
      edge('pods', 'KUBE-SERVICES'),
      edge('outside', 'KUBE-EXT'),
      edge('KUBE-SERVICES', '10.0.0.1:80', { share: 0.5, label: '50 %' }),
      edge('KUBE-EXT', '10.0.0.1:80', { share: 0.25, label: '25 %' }),
    ];
    const taking = (at: string, through: string, share?: number) =>
      entry(at, at, [[at, through, '10.0.0.1:80']], {
        shares: share === undefined ? {} : { [`${through} -> 10.0.0.1:80`]: share },
      });
    const told = (first: number, other?: number) => {
      const entries = [
        taking('pods', 'KUBE-SERVICES', first),
        taking('outside', 'KUBE-EXT', other),
      ];
      const found = foldChains(graph(nodes, both, entries)).edges.find(
        ({ to }) => to === '10.0.0.1:80',
      )!;
      return [found.share, found.label];
    };
    assert.deepEqual(told(0.5, 0.25), [0.5, '25 to 50 %']);
    assert.deepEqual(told(0.5, 0.5), [0.5, '50 %']);
    // Where none of them has a label, packets do not part there.
    const plain = both.map(({ label: _, ...one }) => ({ ...one, label: undefined }));
    const entries = [taking('pods', 'KUBE-SERVICES', 1), taking('outside', 'KUBE-EXT', 1)];
    const whole = foldChains(graph(nodes, plain, entries)).edges;
    assert.equal(whole.find(({ to }) => to === '10.0.0.1:80')!.label, undefined);
    const one = both.map((edge, i) => (i === 2 ? { ...edge, label: undefined } : edge));
    const parted = foldChains(graph(nodes, one, entries)).edges;
    assert.equal(parted.find(({ to }) => to === '10.0.0.1:80')!.label, '100 %');
    // Where one is not known, none is told.
    assert.deepEqual(told(0.5), [undefined, undefined]);
  });
});
