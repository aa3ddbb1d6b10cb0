import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Cluster, NodeDumps, Resource } from '../../../src/cluster/cluster';
import { ClusterError } from '../../../src/cluster/error';
import { captureSnapshot } from '../../../src/cluster/snapshot/capture';
import {
  headAndTail,
  readPieces,
  readText,
  sortFiles,
  type DumpFile,
} from '../../../src/cluster/snapshot/folder';

async function all<T>(work: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of work) found.push(one);
  return found;
}

const held = (path: string, text: string): DumpFile => ({
  name: path.slice(path.lastIndexOf('/') + 1).replace(/\.gz$/, ''),
  path,
  held: Buffer.from(text),
});

suite('files of a snapshot', () => {
  let folder: string;
  setup(async () => (folder = await mkdtemp(join(tmpdir(), 'kpi-'))));
  teardown(() => rm(folder, { recursive: true }));

  test('both ends of 4 KiB and the size: on the disk, held, packed', async () => {
    const text = `head${'x'.repeat(10_000)}tail`;
    await writeFile(join(folder, 'a.txt'), text);
    const ends = { head: text.slice(0, 4096), tail: text.slice(-4096), bytes: text.length };
    const plain = { name: 'a.txt', path: join(folder, 'a.txt') };
    assert.deepEqual(await headAndTail(plain), ends);
    assert.deepEqual(await headAndTail({ ...plain, held: Buffer.from(text) }), ends);
    await writeFile(join(folder, 'a.txt.gz'), gzipSync(text));
    const packed = { name: 'a.txt', path: join(folder, 'a.txt.gz') };
    // Its end is known only when all of it is read, which completeness does not ask for.
    assert.deepEqual(await headAndTail(packed), { ...ends, tail: undefined });
    await writeFile(join(folder, 'b.txt'), 'short');
    assert.deepEqual(await headAndTail({ name: 'b.txt', path: join(folder, 'b.txt') }), {
      head: 'short',
      tail: 'short',
      bytes: 5,
    });
  });

  test('a file of just the limit is read, a larger one is not, nor one that is larger unpacked', async () => {
    const text = 'x'.repeat(2000);
    const path = join(folder, 'a.txt');
    await writeFile(path, text);
    assert.equal(await readText({ path }, undefined, 2000), text);
    await assert.rejects(
      readText({ path }, undefined, 1999),
      /a\.txt can't be read: it is larger than/,
    );
    const packed = join(folder, 'a.txt.gz');
    await writeFile(packed, gzipSync(text));
    assert.equal(await readText({ path: packed }, undefined, 2000), text);
    await assert.rejects(readText({ path: packed }, undefined, 1999), /unzipped it is larger than/);
    await assert.rejects(readText({ path: join(folder, 'none') }), /none can't be read/);
  });

  test('characters are never cut between two pieces', async () => {
    const text = '中'.repeat(200_000);
    const pieces = await all(readPieces({ path: 'x', held: Buffer.from(text) }));
    assert.ok(pieces.length > 2);
    assert.equal(pieces.join(''), text);
  });

  test('what lies where: manifest, objects, nodes of a capture, nodes that were gathered', async () => {
    const paths = [
      'cluster.yaml',
      'below/cluster.yaml',
      'objects/services.yaml',
      'objects/notes.md',
      'objects/svc.txt',
      'all.json',
      'svc.txt',
      'nodes/a/iptables-save.txt',
      'nodes/a/deep/ip-addr.txt',
      'b/iptables-save.txt',
    ];
    const files = paths.map((path) => held(`/s/${path}`, '*nat\nCOMMIT\n'));
    const sorted = await sortFiles(files, ({ path }) => path.slice('/s/'.length), 'top');
    assert.equal(sorted.manifest, '/s/cluster.yaml');
    assert.deepEqual(
      sorted.objects.map(({ path }) => path),
      ['/s/objects/services.yaml', '/s/objects/svc.txt', '/s/all.json'],
    );
    assert.deepEqual(
      sorted.nodes.get('a')?.map(({ path }) => path)[0],
      '/s/nodes/a/iptables-save.txt',
    );
    assert.ok(sorted.nodes.has('b'));
  });

  test('a capture: progress by its steps; nodes that are named; a node’s name stays within the folder', async () => {
    const steps: string[] = [];
    const dumps = (node: string) =>
      Promise.resolve({
        node,
        dumps: [],
        partial: node === 'b' ? 'Stopped.' : undefined,
      } as unknown as NodeDumps);
    const cluster = {
      title: 'kind',
      info: () => Promise.resolve({ version: 'v1.36.0', context: undefined }),
      manifests: (resource: Resource) =>
        resource === 'pods'
          ? Promise.reject(new ClusterError('forbidden' as never, 'not allowed'))
          : Promise.resolve([]),
      list: () => Promise.resolve({ items: [{ metadata: { name: 'all' } }] }),
      dumps,
    } as unknown as Cluster;
    const target = join(folder, 'new');
    const names = ['b', '../up', '.hidden'];
    const missing = await captureSnapshot(cluster, target, {
      nodes: names,
      onProgress: (step) => void steps.push(step),
    });
    assert.deepEqual([...missing].sort(), ['b: Stopped.', 'pods: not allowed']);
    assert.ok(steps.includes('services') && steps.includes('b'));
    assert.deepEqual((await readdir(join(target, 'nodes'))).sort(), ['__up', '_hidden', 'b']);
    const manifest = await readFile(join(target, 'cluster.yaml'), 'utf8');
    assert.match(manifest, /^context: kind$/m);
    assert.match(manifest, /^version: v1\.36\.0$/m);
    const other = join(folder, 'other');
    await captureSnapshot(cluster, other, {});
    assert.deepEqual(await readdir(join(other, 'nodes')), ['all']);
  });
});
