import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from '../../src/inspect/ask';
import { check } from '../../src/inspect/check';
import { trace } from '../../src/inspect/trace';
import { tarGzOf } from '../cluster/bundle/archives';
import { address, dropping, inward, routes, run } from './madeNode';

suite('inspect on support bundles', function () {
  this.timeout(60_000);
  let folder = '';

  setup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  });
  teardown(() => rm(folder, { recursive: true }));

  const filesOf = (node: string) => ({
    [`dumps/${node}/iptables-save.txt`]: dropping,
    [`dumps/${node}/ip-addr.txt`]: address,
    [`dumps/${node}/ip-route.txt`]: routes,
  });
  const archive = async (name: string, members: Readonly<Record<string, string>>) => {
    const path = join(folder, name);
    await writeFile(path, await tarGzOf(members));
    return path;
  };

  test('trace and ask take an archive of one node', async () => {
    const path = await archive('node.tar.gz', filesOf('node-a'));
    assert.match(await run(trace, path, ...inward), /100 % => DROP: the policy of filter INPUT/);
    assert.match(await run(ask, path, '--ping', '192.0.2.10'), /Does a ping to 192.0.2.10 answer/);
  });

  test('of several nodes one is named behind the archive', async () => {
    const path = await archive('nodes.tar.gz', { ...filesOf('node-a'), ...filesOf('node-b') });
    assert.match(await run(trace, path, ...inward), /holds the nodes node-a, node-b: say which/);
    const told = await run(trace, `${path}/node-b`, ...inward);
    assert.match(told, /100 % => DROP: the policy of filter INPUT/);
  });

  /** node-a as it was, and node-b with a rule to an endpoint that is gone. */
  const snapshotFiles = async () => {
    const sample = 'samples/kubernetes-1.36-iptables';
    const files: Record<string, string> = {};
    for (const file of ['objects/services.yaml', 'objects/endpointslices.yaml'])
      files[file] = await readFile(join(sample, file), 'utf8');
    for (const node of ['node-a', 'node-b']) {
      for (const file of ['iptables-save.txt', 'ip-addr.txt', 'proxyMode.txt'])
        files[`nodes/${node}/${file}`] = await readFile(join(sample, node, file), 'utf8');
    }
    const rules = 'nodes/node-b/iptables-save.txt';
    const stale = '--to-destination 10.244.1.99:3000';
    files[rules] = files[rules]!.replace('--to-destination 10.244.1.3:3000', stale);
    assert.ok(files[rules].includes(stale));
    return files;
  };
  const endpointGone = /leads to 10\.244\.1\.99:3000 \(in no EndpointSlice\)/;

  test('check runs the checks of each node, with the objects of the archive', async () => {
    const path = await archive('cluster.tgz', await snapshotFiles());
    const told = await run(check, path);
    assert.match(told, /node node-a\n[^]*node node-b\n/);
    const [stale] = told.split('\n').filter((line) => endpointGone.test(line));
    assert.ok(stale?.startsWith(`${path}/node-b/iptables-save.txt:`), told);
    assert.doesNotMatch(await run(check, `${path}/node-a`), /endpoint-stale|node-b/);
    assert.match(await run(check, `${path}/node-c`), /holds the nodes node-a, node-b: say which/);
  });

  test('--json and --sarif name the node; the exit code is by the worst', async () => {
    const path = await archive('cluster.tgz', await snapshotFiles());
    const found = JSON.parse(await run(check, path, '--json')) as { code: string; node: string }[];
    const stale = found.filter(({ code }) => code === 'endpoint-stale');
    assert.deepEqual(
      stale.map(({ node }) => node),
      ['node-b'],
    );
    assert.ok(found.some(({ node }) => node === 'node-a'));
    const { runs } = JSON.parse(await run(check, path, '--sarif')) as {
      runs: { results: { ruleId: string; locations: { logicalLocations: unknown }[] }[] }[];
    };
    const [result] = runs[0]!.results.filter(({ ruleId }) => ruleId === 'endpoint-stale');
    assert.deepEqual(result?.locations[0]?.logicalLocations, [{ name: 'node-b', kind: 'node' }]);
  });

  test('the exit code is by the worst of all nodes', async () => {
    const code = async (name: string, more: string) => {
      const files = { ...filesOf('node-a'), ...filesOf('node-b') };
      files['dumps/node-b/iptables-save.txt'] = dropping + more;
      const path = await archive(name, files);
      let code = -1;
      await run({ ...check, run: async (args) => (code = await check.run(args)) }, path, '--json');
      return code;
    };
    assert.equal(await code('whole.tgz', ''), 0);
    // A warning.
    assert.equal(await code('legacy.tgz', '# Warning: iptables-legacy tables present\n'), 0);
    assert.equal(await code('broken.tgz', '-A what is this\n'), 1);
  });

  test('dumps that another one passes over are counted and looked at, each fault told once', async () => {
    const nat = '*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT --nothing-like-it\nCOMMIT\n# Completed\n';
    const path = await archive('node.tgz', {
      ...filesOf('node-a'),
      'dumps/node-a/iptables-save-c.txt': nat.replaceAll('-A', '[1:2] -A'),
      'dumps/node-a/iptables-save.txt': nat,
    });
    const told = await run(check, path);
    for (const name of ['iptables-save-c', 'iptables-save']) {
      const counts = new RegExp(`${name}\\.txt: iptables-save, IPv4\n {4}nat +1 chains +1 rules\n`);
      assert.match(told, counts);
      const wrong = told.match(new RegExp(`/${name}\\.txt:3:\\d+: error: `, 'g'));
      assert.equal(wrong?.length, 1, told);
    }
  });

  test("check, trace and ask take a snapshot's folder, and files of several nodes in one", async () => {
    const [snapshot, flat] = [join(folder, 'cluster'), join(folder, 'flat')];
    await mkdir(flat);
    for (const [path, text] of Object.entries({ ...filesOf('node-a'), ...filesOf('node-b') })) {
      const [, node = '', file = ''] = path.split('/');
      await mkdir(join(snapshot, 'nodes', node), { recursive: true });
      await writeFile(join(snapshot, 'nodes', node, file), text);
      await writeFile(join(flat, `${node}-${file}`), text);
    }
    for (const root of [snapshot, flat]) {
      assert.match(await run(check, root), /node node-a\n[^]*node node-b\n/);
      assert.match(await run(trace, root, ...inward), /node-a, node-b\)?: say which/);
    }
    for (const root of [snapshot, flat])
      assert.match(await run(trace, join(root, 'node-b'), ...inward), /100 % => DROP/);
  });

  test("a collector's folder", async () => {
    const sos = join(folder, 'sosreport-node-a-2026-11-21-abcdefg');
    const commands = join(sos, 'sos_commands');
    const listing = `Chain INPUT (policy DROP 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination

Chain FORWARD (policy DROP 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination

Chain OUTPUT (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination
`;
    for (const [path, text] of Object.entries({
      'firewall_tables/iptables_-t_filter_-nvL': listing,
      'networking/ip_-d_address': address,
      'networking/ip_route_show_table_all': routes,
    })) {
      await mkdir(join(commands, path, '..'), { recursive: true });
      await writeFile(join(commands, path), text);
    }
    assert.match(await run(trace, sos, ...inward), /DROP.*the policy of filter INPUT/);
  });

  test('an archive by zstd or bzip2 says how to unpack it; a dump is a node, another text is none', async () => {
    for (const [name, head, command] of [
      ['sos.tar.zst', [0x28, 0xb5, 0x2f, 0xfd], 'zstd -d sos.tar.zst'],
      ['sos.tar.bz2', [0x42, 0x5a, 0x68, 0x39], 'bunzip2 -k sos.tar.bz2'],
    ] as const) {
      const path = join(folder, name);
      await writeFile(path, Buffer.from([...head, ...Buffer.alloc(600)]));
      for (const told of [await run(trace, path, ...inward), await run(check, path)]) {
        assert.ok(told.includes(`\`${command}\``), told);
      }
    }
    const text = join(folder, 'iptables-save.txt');
    await writeFile(text, dropping);
    assert.match(await run(trace, text, ...inward), /DROP: the policy of filter INPUT/);
    const notes = join(folder, 'notes.txt');
    await writeFile(notes, 'it hangs since Monday\n');
    assert.match(await run(trace, notes, ...inward), /holds no dump of a known kind/);
    const gone = join(folder, 'gone.txt');
    assert.match(await run(trace, gone, ...inward), /no such file/);
  });

  test('names that were replaced are said once, not for each Service', async () => {
    const save = await readFile(
      'samples/kubernetes-1.36-iptables/node-a/iptables-save.txt',
      'utf8',
    );
    const words = save.replace(/--comment "?([\w-]+)\/([\w-]+)/g, (all, ns: string) =>
      all.replace(`${ns}/`, 'word1/').replace('comment word1', 'comment word1'),
    );
    assert.notEqual(words, save);
    const node = join(folder, 'node-a');
    await mkdir(node);
    await writeFile(join(node, 'iptables-save.txt'), words);
    const told = await run(check, node);
    assert.equal(told.split('[names-replaced]').length, 2, told);
    assert.doesNotMatch(told, /service-name-mismatch/);
    const one = save.replace('"default/kubernetes', '"default/other');
    await writeFile(join(node, 'iptables-save.txt'), one);
    assert.doesNotMatch(await run(check, node), /names-replaced/);
  });
});
