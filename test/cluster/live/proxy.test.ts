import assert from 'node:assert/strict';
import { silentLog } from '../../../src/cluster/log';
import { connectionOf } from '../../../src/cluster/live/connection';
import { exec } from '../../../src/cluster/live/exec';
import { requestJson, type Api } from '../../../src/cluster/live/request';
import { createStore } from '../../../src/cluster/live/store';
import { startApiServer, type ApiServer } from '../server/apiServer';
import { prints } from '../server/execServer';
import { kubeconfigFor, reason } from '../server/harness';
import { startProxy, type ProxyServer } from '../server/proxyServer';

const output = '-A KUBE-SERVICES\n'.repeat(10_000);

suite('proxies: lists, watches and exec go through', () => {
  let server: ApiServer;
  let proxy: ProxyServer | undefined;

  suiteSetup(async () => {
    server = await startApiServer({
      tls: true,
      objects: { services: [{ metadata: { name: 'web', namespace: 'shop' } }] },
      exec: () => prints(output),
    });
  });
  suiteTeardown(() => server.close());
  teardown(async () => {
    for (const name of ['HTTPS_PROXY', 'NO_PROXY']) delete process.env[name];
    await proxy?.close();
    proxy = undefined;
  });

  /** A cluster of a name that only the proxy can resolve. */
  function api(cluster: object = {}): Api {
    const url = `https://kubernetes.test:${server.port}`;
    const named = { 'tls-server-name': 'kubernetes', ...cluster };
    return {
      connection: connectionOf(kubeconfigFor(url, { cluster: named }), 'test'),
      log: silentLog,
    };
  }

  /** A list, its watch with one change, and a command; each in a connection of its own. */
  async function useAll(through: Api): Promise<void> {
    let changed: () => void = () => undefined;
    const change = new Promise<void>((resolve) => (changed = resolve));
    const store = createStore(through, {
      resource: 'services',
      watch: true,
      lower: (object) => object,
      onChange: changed,
    });
    assert.equal((await store.list()).items.length, 1);
    const before = server.requests.length;
    while (!server.requests.slice(before - 1).some((request) => request.includes('watch=true'))) {
      await new Promise(setImmediate);
    }
    const object = { metadata: { name: 'new', namespace: 'shop', resourceVersion: '101' } };
    server.emit('services', { type: 'ADDED', object });
    await change;
    assert.equal((await store.list()).items.length, 2);
    const pod = { namespace: 'kube-system', name: 'p', container: 'c' };
    const request = { pod, command: ['x'], timeout: 5000, byteLimit: 1024 * 1024 };
    assert.equal((await exec(through, request)).parts.join(''), output);
    store.dispose();
  }

  function assertAllWentThrough({ tunnels }: ProxyServer): void {
    const target = `kubernetes.test:${server.port}`;
    assert.deepEqual(
      tunnels.map((tunnel) => tunnel.target),
      [target, target, target],
    );
    assert.ok(tunnels.every(({ sent, received }) => sent > 200 && received > 200));
    assert.ok(tunnels.at(-1)!.received > output.length, 'the output of exec');
  }

  for (const kind of ['http', 'https', 'socks5'] as const) {
    test(`proxy-url ${kind}://`, async () => {
      proxy = await startProxy(kind);
      await useAll(api({ 'proxy-url': proxy.url }));
      assertAllWentThrough(proxy);
    });

    test(`HTTPS_PROXY=${kind}://`, async () => {
      proxy = await startProxy(kind);
      process.env['HTTPS_PROXY'] = proxy.url;
      await useAll(api());
      assertAllWentThrough(proxy);
    });
  }

  const right = { verb: 'get', resource: '/version' };
  const version = (through: Api) => requestJson(through, { path: '/version', right });

  test("NO_PROXY keeps the environment's proxy out, not the kubeconfig's", async () => {
    proxy = await startProxy('http');
    process.env['HTTPS_PROXY'] = proxy.url;
    process.env['NO_PROXY'] = '.test';
    await assert.rejects(version(api()), reason('unreachable', /kubernetes\.test/));
    assert.equal(proxy.tunnels.length, 0);
    await version(api({ 'proxy-url': proxy.url }));
    assert.equal(proxy.tunnels.length, 1);
  });

  test("the proxy's user and password reach it, and no message", async () => {
    proxy = await startProxy('http');
    const url = proxy.url.replace('//', '//user:p%40ss@');
    await version(api({ 'proxy-url': url }));
    const basic = Buffer.from('user:p@ss').toString('base64');
    assert.equal(proxy.tunnels[0]?.authorization, `Basic ${basic}`);
    await proxy.close();
    proxy = await startProxy('http', 407);
    const refused = proxy.url.replace('//', '//user:secret@');
    const through = api({ 'proxy-url': refused });
    await assert.rejects(version(through), (error: Error) => {
      assert.match(error.message, /through the proxy 127\.0\.0\.1:\d+.*407/);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  });

  test('a proxy that is away, of an unknown kind, or whose certificate nobody vouches for', async () => {
    proxy = await startProxy('https');
    const { url } = proxy;
    const other = { 'certificate-authority': '', 'insecure-skip-tls-verify': false };
    await assert.rejects(version(api({ ...other, 'proxy-url': url })), reason('tls'));
    await proxy.close();
    proxy = undefined;
    const away = api({ 'proxy-url': url });
    await assert.rejects(version(away), reason('unreachable', /through the proxy.*ECONNREFUSED/));
    assert.throws(
      () => api({ 'proxy-url': 'ftp://user:secret@proxy' }),
      reason('bad-kubeconfig', /socks5:\/\/.*ftp:\/\/\(left out\)@proxy/),
    );
  });
});
