import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../../src/cluster/log';
import { connectionOf } from '../../../src/cluster/live/connection';
import { exec } from '../../../src/cluster/live/exec';
import { kubeconfigFiles, loadKubeconfig } from '../../../src/cluster/live/kubeconfig';
import { requestJson } from '../../../src/cluster/live/request';
import { startApiServer, type ApiServer } from '../server/apiServer';
import { prints } from '../server/execServer';
import { kubeconfigFor, reason } from '../server/harness';
import { tlsFile } from '../server/tls';

let folder: string;

async function file(name: string, text: string, mode = 0o600): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text, { mode });
  return path;
}

setup(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kpi-'));
});
teardown(() => rm(folder, { recursive: true }));

suite('connection', () => {
  let server: ApiServer;

  suiteSetup(async () => {
    server = await startApiServer({ tls: true, exec: () => prints('hi\n') });
  });
  suiteTeardown(() => server.close());

  async function ask(parts: { cluster?: object; user?: object } = {}, url = server.url) {
    const api = { connection: connectionOf(kubeconfigFor(url, parts), 'test'), log: silentLog };
    const right = { verb: 'get', resource: '/version' };
    return { api, version: await requestJson(api, { path: '/version', right }) };
  }
  const noCertificate = { 'client-certificate': '', 'client-key': '' };

  test('a client certificate and the CA of the kubeconfig, for lists and exec', async () => {
    const { api, version } = await ask();
    assert.deepEqual(version, { gitVersion: 'v1.36.2' });
    assert.equal(server.lastUser(), 'admin');
    const pod = { namespace: 'kube-system', name: 'p', container: 'c' };
    const { parts } = await exec(api, { pod, command: ['x'], timeout: 5000, byteLimit: 1000 });
    assert.deepEqual(parts.join(''), 'hi\n');
    assert.equal(server.lastUser(), 'admin');
  });

  test('a wrong CA, a wrong name, plain HTTP, a closed port', async () => {
    const cluster = { 'certificate-authority': tlsFile('other-ca.crt') };
    await assert.rejects(ask({ cluster }), reason('tls', /can't be trusted/));
    await assert.rejects(
      ask({}, server.url.replace('127.0.0.1', '127.0.0.2')),
      reason('unreachable'),
    );
    const named = { 'tls-server-name': 'nobody' };
    await assert.rejects(ask({ cluster: named }), reason('tls', /altnames/));
    const plain = await startApiServer({});
    await assert.rejects(ask({}, plain.url.replace('http', 'https')), reason('tls'));
    await plain.close();
    await assert.rejects(ask({}, plain.url), reason('unreachable', /ECONNREFUSED/));
  });

  test('only the kubeconfig makes it insecure, not the environment', async () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const cluster = { 'certificate-authority': tlsFile('other-ca.crt') };
      const { api } = await ask();
      await assert.rejects(ask({ cluster }), reason('tls', /can't be trusted/));
      const connection = connectionOf(kubeconfigFor(server.url, { cluster }), 'test');
      const pod = { namespace: 'kube-system', name: 'p', container: 'c' };
      await assert.rejects(
        exec({ ...api, connection }, { pod, command: ['x'], timeout: 5000, byteLimit: 1000 }),
        reason('tls', /can't be trusted/),
      );
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });

  test('tls-server-name and insecure-skip-tls-verify are honoured', async () => {
    await ask({ cluster: { 'tls-server-name': 'kubernetes' } });
    await ask({ cluster: { 'certificate-authority': '', 'insecure-skip-tls-verify': true } });
  });

  test('token, tokenFile with a newline, impersonation with groups', async () => {
    const header = () => server.lastHeaders().authorization;
    await ask({ user: { ...noCertificate, token: 'abc' } });
    assert.equal(header(), 'Bearer abc');
    const tokenFile = await file('token', 'from-file\n');
    await ask({ user: { ...noCertificate, tokenFile } });
    assert.equal(header(), 'Bearer from-file');
    await ask({ user: { as: 'viewer', 'as-groups': ['a', 'b'] } });
    assert.equal(server.lastHeaders()['impersonate-user'], 'viewer');
    assert.equal(server.lastHeaders()['impersonate-group'], 'a, b');
  });

  test('a context that names what is not there', () => {
    const kubeconfig = kubeconfigFor(server.url);
    assert.throws(
      () => connectionOf({ ...kubeconfig, users: [] }, 'test'),
      reason('bad-kubeconfig', /no user "test"/),
    );
    assert.throws(() => connectionOf(kubeconfig, 'x'), reason('bad-kubeconfig', /no context "x"/));
  });
});

suite('kubeconfig', () => {
  const config = (name: string, extra = '') =>
    `current-context: ${name}\ncontexts:\n- name: ${name}\n  context: {cluster: c, user: u}\n` +
    `clusters:\n- name: c\n  cluster: {server: https://${name}, certificate-authority: ca.crt}\n` +
    `users:\n- name: u\n  user: {exec: {command: ./login}}\n${extra}`;

  test('the first file wins, a missing one is ignored, paths are relative to their file', async () => {
    const missing = join(folder, 'missing');
    const first = await file('first', config('a'));
    const second = await file('second', config('b'));
    const merged = await loadKubeconfig([missing, first, second]);
    assert.equal(merged.current, 'a');
    assert.deepEqual(
      merged.contexts.map(({ name }) => name),
      ['a', 'b'],
    );
    assert.deepEqual(merged.clusters, [
      {
        name: 'c',
        cluster: { server: 'https://a', 'certificate-authority': join(folder, 'ca.crt') },
      },
    ]);
    assert.deepEqual(merged.users, [
      { name: 'u', user: { exec: { command: join(folder, 'login') } } },
    ]);
  });

  test('no file, an empty file, broken YAML beside a good file, broken YAML alone', async () => {
    const missing = join(folder, 'missing');
    await assert.rejects(loadKubeconfig([missing]), reason('no-kubeconfig', /missing/));
    const empty = await file('empty', '');
    await assert.rejects(loadKubeconfig([empty]), reason('no-kubeconfig'));
    const broken = await file('broken', 'a: [b');
    const good = await file('good', config('a', 'unknown: 1\n'));
    const { contexts, problems } = await loadKubeconfig([broken, good]);
    assert.equal(contexts.length, 1);
    assert.match(problems.join(), /broken: unexpected end/);
    await assert.rejects(loadKubeconfig([broken]), reason('bad-kubeconfig', /broken/));
  });

  test('a pipe and aliases without end are told, and cost only themselves', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const lines = Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`);
    const bomb = await file('bomb', `a0: &a0 [x]\n${lines.join('\n')}\nusers: *a40\n`);
    const itself = await file('itself', 'users: &a\n- name: u\n  user: *a\n');
    const good = await file('good', config('a'));
    const { contexts, problems } = await loadKubeconfig([pipe, bomb, itself, good]);
    assert.equal(contexts.length, 1);
    assert.match(
      problems.join('\n'),
      /pipe: not a file\.\n.*bomb: its aliases.*\n.*itself: its aliases/,
    );
  });

  test('which files: the setting, KUBECONFIG, the home folder', () => {
    assert.deepEqual(kubeconfigFiles('', { HOME: '/h' }), ['/h/.kube/config']);
    assert.deepEqual(kubeconfigFiles('', { HOME: '/h', KUBECONFIG: '/a::/b' }), ['/a', '/b']);
    assert.deepEqual(kubeconfigFiles('~/k', { HOME: '/h', KUBECONFIG: '/a' }), ['/h/k']);
  });
});
