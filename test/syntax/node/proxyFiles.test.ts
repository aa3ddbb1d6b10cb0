import assert from 'node:assert/strict';
import { readSettings } from '../../../src/core/proxyconfig/settings';
import type { ClassifiedFile } from '../../../src/syntax/node/dumpFile';
import { nodeFolder } from '../../../src/syntax/node/nodeFolder';
import { outputsOfFiles } from '../../../src/syntax/node/outputsOfFiles';
import { readNode } from '../../../src/syntax/node/readNode';
import { dumpFiles } from '../../dumps';

type Texts = Readonly<Record<string, string>>;

function folderOf(texts: Texts, more: Readonly<Record<string, Partial<ClassifiedFile>>> = {}) {
  const files = dumpFiles(new Map(Object.entries(texts)));
  const own = files.map((file) => ({ ...file, ...more[file.path] }));
  return nodeFolder('n', own);
}

async function read(texts: Texts, more?: Parameters<typeof folderOf>[1]) {
  const { state } = await readNode(folderOf(texts, more), {
    text: (path) => Promise.resolve(texts[path]!),
    rulesets: () => [],
  });
  return state;
}

const log = (version: string) =>
  `I1121 13:52:53.9 1 server.go:539] "Version info" version="${version}"\n`;
const config = (mode: string, more = '') =>
  `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ${mode}\n${more}`;

suite('what a node’s files tell of its kube-proxy', () => {
  test('the mode by the surest file that tells one', async () => {
    const mode = async (texts: Texts, more?: Parameters<typeof folderOf>[1]) => {
      const told = (await read(texts, more)).proxyMode;
      return told && `${told.name} of ${told.source}`;
    };
    const runs = { 'proxyMode.txt': 'ipvs\n' };
    const configured = { 'kube-proxy.yaml': config('nftables') };
    assert.equal(await mode({ ...configured, ...runs }), 'ipvs of proxyMode.txt');
    assert.equal(await mode(configured), 'nftables of kube-proxy.yaml');
    // By its content, whatever its name.
    assert.equal(await mode({ 'cm.yaml': config('ipvs') }), 'ipvs of cm.yaml');
    assert.equal(
      await mode({ 'a/proxyMode.txt': '\n', ...configured }),
      'nftables of kube-proxy.yaml',
    );
    const failed = { 'proxyMode.txt': { problem: 'timed out' } };
    assert.equal(await mode({ ...configured, ...runs }, failed), 'nftables of kube-proxy.yaml');
    assert.equal(await mode({ 'ip-rule.txt': '0:\tfrom all lookup local\n' }), undefined);
  });

  test('of several the first by its name that holds something', async () => {
    const state = await read({
      'kube-proxy-2.log': log('v1.36.2'),
      'kube-proxy-1.log': '',
      'kube-proxy-3.log': log('v1.35.0'),
      'kube-proxy-c.yaml': config('ipvs'),
      'kube-proxy-a.yaml': 'kind: Other\n',
      'kube-proxy-b.yaml': config('nftables'),
    });
    assert.equal(state.proxyLog?.version, 'v1.36.2');
    assert.equal(readSettings(state.proxyConfig).mode, 'nftables');
  });

  test('a ConfigMap’s text and the answer of /configz are the configuration', async () => {
    const indented = config('ipvs').replace(/^/gm, '    ');
    const map = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kube-proxy}\ndata:\n  config.conf: |\n${indented}`;
    const mode = async (texts: Texts) => readSettings((await read(texts)).proxyConfig).mode;
    assert.equal(await mode({ 'kube-proxy.config.yaml': map }), 'ipvs');
    const configz =
      '{"kubeproxy.config.k8s.io": {"kind": "KubeProxyConfiguration", "mode": "ipvs"}}';
    assert.equal(await mode({ 'kube-proxy.config.json': configz }), 'ipvs');
    assert.equal(
      (await read({ 'kube-proxy.yaml': '- KubeProxyConfiguration\n' })).proxyConfig,
      undefined,
    );
    assert.equal(
      (await read({ 'kube-proxy.yaml': '# KubeProxyConfiguration\n' })).proxyConfig,
      undefined,
    );
  });

  test('64 Ki characters are a configuration, one more is none', async () => {
    const of = async (length: number, size = length) => {
      const text = `${config('ipvs')}# `.padEnd(length, 'x');
      const more = { 'kube-proxy.yaml': { size } };
      return (await read({ 'kube-proxy.yaml': text }, more)).proxyConfig?.kind;
    };
    assert.equal(await of(64 << 10), 'map');
    assert.equal(await of((64 << 10) + 1), undefined);
    // A character has four bytes at most.
    assert.equal(await of(64 << 10, 256 << 10), 'map');
    assert.equal(await of(64 << 10, (256 << 10) + 1), undefined);
  });
});

suite('texts that are one document', () => {
  const session = `# ip rule\n0:\tfrom all lookup local\n# ip route\ndefault via 10.0.0.1 dev eth0\n`;
  const count = async (head: string, kind: ClassifiedFile['kind'] = 'ip-rule') => {
    const [file] = folderOf({ 'a.txt': session }).files;
    const own = { ...file!, head, kind };
    const all = await outputsOfFiles({ name: 'n', path: '', files: [own] }, () =>
      Promise.resolve(session),
    );
    return all.length;
  };

  test('JSON by how it begins; objects and what kube-proxy writes by their kind', async () => {
    for (const [head, right] of [
      [session, 2],
      ['{"a": 1}', 1],
      ['  {\n  "a": 1}', 1],
      ['[{"a": 1}]', 1],
      ['\n[\n  {"a": 1}]', 1],
      ['[["a"]]', 2],
      // Of a log and of iptables.
      ['[0:0] -A A -j B\n', 2],
      ['[root@node-a ~]# ip rule\n', 2],
      ['-A A -m comment --comment [{"a', 2],
      ['x {"a": 1}', 2],
    ] as const) {
      assert.equal(await count(head), right, head);
    }
    assert.equal(await count(session, 'objects'), 1);
    assert.equal(await count(session, 'kube-proxy-config'), 1);
    assert.equal(await count(session, 'kube-proxy-log'), 1);
    assert.equal(await count(session, 'stderr'), 1);
  });

  test('a command whose output is none of a dump makes the file none', async () => {
    const kinds = async (text: string) => {
      const folder = folderOf({ 'ip-route.txt': text });
      const all = await outputsOfFiles(folder, () => Promise.resolve(text));
      return all.map(({ kind, lines }) => [kind, lines !== undefined]);
    };
    assert.deepEqual(await kinds('# ip route get 10.96.0.10\n10.96.0.10 via 10.0.0.1 dev eth0\n'), [
      ['unknown', false],
    ]);
    assert.deepEqual(await kinds('nothing of a dump\n'), [['ip-route', false]]);
  });
});
