import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { findSnapshots } from '../../../src/cluster/snapshot/find';
import { openSnapshot } from '../../../src/cluster/snapshot/snapshot';

let folder: string;

setup(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kpi-'));
});
teardown(() => rm(folder, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** What is found: its path in the folder, with `+` where objects of the cluster are there, too. */
async function found(paths: readonly string[], signal?: AbortSignal): Promise<string[]> {
  await write(Object.fromEntries(paths.map((path) => [path, 'x\n'])));
  const all = await findSnapshots(folder, signal);
  return all.map(({ folder: path, loose }) => `${relative(folder, path)}${loose ? '' : ' +'}`);
}

suite('which folders are snapshots, by the names in them', () => {
  const cases: [string, string[], string[]][] = [
    ['a capture by its cluster.yaml among other files', ['a/cluster.yaml', 'a/README.md'], ['a +']],
    ['objects that kubectl wrote', ['a/objects/services.yaml'], ['a +']],
    ['objects in JSON', ['a/objects/endpointslices.json', 'a/objects/pods.json'], ['a +']],
    ['a folder of a program that has objects', ['a/objects/main.o', 'a/main.c'], []],
    ['a program’s services.yaml outside of objects', ['a/services.yaml'], []],
    ['one node’s rules with its addresses', ['a/n/iptables-save.txt', 'a/n/ip-addr.txt'], ['a']],
    ['nft with addresses', ['a/n/nft-list-ruleset.txt', 'a/n/ip-addr.txt'], ['a']],
    ['one node’s rules alone are that node', ['a/n/iptables-save.txt'], ['a/n']],
    ['addresses alone are of any machine', ['a/n/ip-addr.txt', 'a/m/ip-addr.txt'], []],
    ['a folder with the name of a dump', ['a/iptables-save.txt/x.md'], []],
    [
      'what is below a snapshot is its own',
      ['a/cluster.yaml', 'a/nodes/n/iptables-save.txt'],
      ['a +'],
    ],
    [
      'hidden folders and those of npm are passed over',
      ['.git/cluster.yaml', 'node_modules/cluster.yaml'],
      [],
    ],
    [
      'three folders down, and no deeper',
      ['1/2/3/cluster.yaml', 'a/b/c/d/cluster.yaml'],
      ['1/2/3 +'],
    ],
    ['the folder itself', ['cluster.yaml', 'b/cluster.yaml'], [' +']],
  ];
  for (const [name, paths, expected] of cases) {
    test(name, async () => assert.deepEqual(await found(paths), expected));
  }

  test('of a very large folder the first 500 are looked into', async () => {
    const many = Array.from({ length: 505 }, (_, i) => `f${String(i).padStart(3, '0')}/x`);
    const all = await found(many.map((path) => path.replace('x', 'cluster.yaml')));
    // The folder itself is one of them.
    assert.equal(all.length, 499);
  });

  test('a search that was given up looks no further', async () => {
    assert.deepEqual(await found(['a/cluster.yaml'], AbortSignal.abort()), []);
  });
});

suite('the version of a snapshot’s cluster', () => {
  const node = { 'nodes/a/iptables-save.txt': '*nat\nCOMMIT\n' };
  const client = { gitVersion: 'v1.30.1' };
  const server = { gitVersion: 'v1.36.2+k3s1' };
  const cases: [string, Record<string, string>, string | undefined][] = [
    [
      'of kubectl version -o yaml: the server’s, not kubectl’s own',
      {
        'objects/version.yaml':
          'clientVersion:\n  gitVersion: v1.30.1\nserverVersion:\n  gitVersion: "v1.36.2+k3s1"\n',
      },
      'v1.36.2+k3s1',
    ],
    [
      'of -o json',
      {
        'objects/version.json': JSON.stringify(
          { clientVersion: client, serverVersion: server },
          undefined,
          2,
        ),
      },
      'v1.36.2+k3s1',
    ],
    [
      'of compact JSON',
      { 'objects/version.json': JSON.stringify({ clientVersion: client, serverVersion: server }) },
      'v1.36.2+k3s1',
    ],
    [
      'kubectl could not reach the server',
      { 'objects/version.yaml': 'clientVersion:\n  gitVersion: v1.30.1\n' },
      undefined,
    ],
    [
      'no such file',
      { 'objects/services.yaml': 'apiVersion: v1\nkind: ServiceList\nitems: []\n' },
      undefined,
    ],
    [
      'what the capture itself says goes first',
      {
        'cluster.yaml': 'version: v1.35.0\n',
        'objects/version.yaml': 'serverVersion:\n  gitVersion: v1.36.2\n',
      },
      'v1.35.0',
    ],
  ];
  for (const [name, files, expected] of cases) {
    test(name, async () => {
      await write({ ...node, ...files });
      assert.equal((await openSnapshot(folder).info()).version, expected);
    });
  }
});
