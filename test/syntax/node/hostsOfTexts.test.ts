import assert from 'node:assert/strict';
import type { DumpFile } from '../../../src/syntax/node/dumpFile';
import { groupNodes } from '../../../src/syntax/node/nodeFolder';
import { withHosts } from '../../../src/syntax/node/hostsOfTexts';

const rules = '*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n';
const both = `root@node-a:~# iptables-save\n${rules}root@node-b:~# iptables-save\n${rules}`;
const addresses = '1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n';

/** The nodes of a folder's texts, each with its files, and which texts were read whole. */
async function nodesOf(
  texts: Readonly<Record<string, string>>,
  sizes: Record<string, number> = {},
) {
  const read: string[] = [];
  const files = Object.entries(texts).map(([path, text]): DumpFile => {
    return { path, head: text.slice(0, 4096), size: sizes[path] ?? text.length };
  });
  const told = await withHosts(
    files,
    (path) => {
      read.push(path);
      return Promise.resolve(texts[path] ?? '');
    },
    () => Promise.resolve(),
  );
  const nodes = groupNodes(told, 'top').map(({ name, files: own }) => [
    name,
    ...own.map(({ path }) => path),
  ]);
  return { nodes, read };
}

suite('nodes of texts that hold dumps of several hosts', () => {
  test('each host is a node', async () => {
    const { nodes } = await nodesOf({ 'session.txt': both });
    assert.deepEqual(nodes, [
      ['node-a', 'session.txt'],
      ['node-b', 'session.txt'],
    ]);
  });

  test('the second host stands behind what is looked at of other files', async () => {
    const long = both.replace(
      'COMMIT',
      `${'-A INPUT -s 192.0.2.1/32 -j ACCEPT\n'.repeat(200)}COMMIT`,
    );
    assert.ok(long.indexOf('node-b') > 4096);
    const { nodes } = await nodesOf({ 'session.txt': long });
    assert.deepEqual(
      nodes.map(([name]) => name),
      ['node-a', 'node-b'],
    );
  });

  test('dumps beside it of no host told are a node of their own; of a host told, that host’s', async () => {
    const { nodes } = await nodesOf({ 'session.txt': both, 'ip-addr.txt': addresses });
    assert.deepEqual(nodes, [
      ['node-a', 'session.txt'],
      ['node-b', 'session.txt'],
      ['top', 'ip-addr.txt'],
    ]);
    const named = await nodesOf({
      'session.txt': both,
      'node-a-ip-addr.txt': addresses,
      'node-b-ip-addr.txt': addresses,
    });
    assert.deepEqual(named.nodes, [
      ['node-a', 'session.txt', 'node-a-ip-addr.txt'],
      ['node-b', 'session.txt', 'node-b-ip-addr.txt'],
    ]);
  });

  test('the configuration of kube-proxy is of each, sysctls of an unknown host are of none', async () => {
    const { nodes } = await nodesOf({
      'session.txt': both,
      'kube-proxy.yaml': 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nmode: iptables\n',
      'sysctl.txt': 'net.ipv4.ip_forward = 0\n',
    });
    assert.deepEqual(nodes, [
      ['node-a', 'session.txt', 'kube-proxy.yaml'],
      ['node-b', 'session.txt', 'kube-proxy.yaml'],
    ]);
  });

  test('a dump without commands and names of hosts is not read whole, nor one too large', async () => {
    const { read, nodes } = await nodesOf(
      { 'iptables-save.txt': rules, 'session.txt': both },
      { 'session.txt': 5 << 20 },
    );
    assert.deepEqual(read, []);
    assert.deepEqual(
      nodes.map(([name]) => name),
      ['top'],
    );
  });

  test('of many texts no more than 32 MB together', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `${i}/session.txt`);
    const texts = Object.fromEntries(names.map((name) => [name, both]));
    const sizes = Object.fromEntries(names.map((name) => [name, 4 << 20]));
    const { read } = await nodesOf(texts, sizes);
    assert.equal(read.length, 8);
  });
});
