import assert from 'node:assert/strict';
import type { Cluster, NodeDumps } from '../../src/cluster/cluster';
import { ClusterError } from '../../src/cluster/error';
import { nodesAtHand } from '../../src/explorer/nodesAtHand';

/** What is at hand of a made cluster, and which nodes were asked for their dumps. */
async function atHand(
  names: readonly string[],
  {
    offline = false,
    held = [] as readonly string[],
    fails = (() => undefined) as (node: string) => Error | undefined,
    empty = [] as readonly string[],
  } = {},
) {
  const asked: string[] = [];
  const cluster = {
    offline,
    list: () => Promise.resolve({ items: names.map((name) => ({ metadata: { name } })) }),
    heldDumps: (node: string) => (held.includes(node) ? { node } : undefined),
    dumps(node: string) {
      asked.push(node);
      const error = fails(node);
      return error ? Promise.reject(error) : Promise.resolve({ node });
    },
  } as unknown as Cluster;
  const reported: string[] = [];
  const found = await nodesAtHand(
    cluster,
    ({ node }: NodeDumps) => (empty.includes(node) ? undefined : `at ${node}`),
    new AbortController().signal,
    (node) => reported.push(node),
  );
  return { ...found, asked, reported };
}

const many = (count: number) => Array.from({ length: count }, (_, i) => `n${i}`);

suite('the nodes that a page on a cluster is about', () => {
  test('all of a snapshot, by name; what has no dumps, or can not be read, is told', async () => {
    const found = await atHand(['n10', 'n2', 'x', 'y'], {
      offline: true,
      empty: ['x'],
      fails: (node) => (node === 'y' ? new Error('broken') : undefined),
    });
    assert.deepEqual(found.uris, ['at n2', 'at n10']);
    assert.deepEqual(found.unread, ['x has no dumps.', 'y: broken']);
    assert.deepEqual(found.reported, ['n2', 'n10', 'x', 'y']);
  });

  test('of a live cluster those that were fetched, and how many were not; nobody is asked', async () => {
    const found = await atHand(['a', 'b', 'c'], { held: ['b'] });
    assert.deepEqual(found.uris, ['at b']);
    assert.deepEqual(found.unread, ['2 more nodes: their dumps were not fetched ("Fetch Dumps").']);
    assert.deepEqual(found.asked, []);
  });

  test('where none was fetched the first that has dumps is', async () => {
    const found = await atHand(['a', 'b', 'c', 'd'], {
      fails: (node) => (node === 'a' ? new Error('no pod') : undefined),
      empty: ['b'],
    });
    assert.deepEqual(found.asked, ['a', 'b', 'c']);
    assert.deepEqual(found.uris, ['at c']);
    assert.deepEqual(found.unread, [
      'a: no pod',
      'b has no dumps.',
      '1 more nodes: their dumps were not fetched ("Fetch Dumps").',
    ]);
  });

  test('a cluster whose nodes all fail is not asked without end', async () => {
    const { asked, uris } = await atHand(many(20), { fails: () => new Error('Forbidden') });
    assert.deepEqual([asked.length, uris], [6, []]);
  });

  test('of very many so many as a page can show, and how many are left out', async () => {
    const { uris, unread } = await atHand(many(60), { held: many(55) });
    assert.equal(uris.length, 50);
    assert.deepEqual(unread, [
      '5 more nodes are not on this page.',
      '5 more nodes: their dumps were not fetched ("Fetch Dumps").',
    ]);
    const snapshot = await atHand(many(51), { offline: true });
    assert.deepEqual(snapshot.unread, ['1 more nodes are not on this page.']);
  });

  test('who stops it gets no half of a page', async () => {
    const stopped = { offline: true, fails: () => new ClusterError('cancelled', 'Cancelled.') };
    await assert.rejects(atHand(['a'], stopped), { reason: 'cancelled' });
  });
});
