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

  test('an archive by zstd or bzip2 says how to unpack it; a text says that it is none', async () => {
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
    assert.match(await run(trace, text, ...inward), /is neither a folder of dumps nor a bundle/);
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
