import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterLog } from '../../../src/cluster/log';
import { connectionOf } from '../../../src/cluster/live/connection';
import { exec } from '../../../src/cluster/live/exec';
import { requestJson, type Api } from '../../../src/cluster/live/request';
import { startApiServer, type ApiServer } from '../server/apiServer';
import { prints } from '../server/execServer';
import { kubeconfigFor, reason } from '../server/harness';
import { writeJson } from '../server/lists';
import { serverTls, tlsFile } from '../server/tls';

let folder: string;
let server: ApiServer;
/** Tokens that the server accepts; undefined: any. */
let accepted: readonly string[] | undefined;
/** Authorization of each request, in order. */
let shown: (string | undefined)[];
let logged: string[];
let servedBefore: number;

suiteSetup(async () => {
  server = await startApiServer({
    tls: true,
    intercept(request, response) {
      const { authorization } = request.headers;
      shown.push(authorization);
      if (!accepted || accepted.includes(authorization ?? '')) return false;
      writeJson(response, 401, { kind: 'Status', message: 'Unauthorized' });
      return true;
    },
    exec: () => (session) => {
      const authorization = server.lastHeaders().authorization;
      shown.push(authorization);
      if (accepted && !accepted.includes(authorization ?? '')) session.refuse(401, '{}');
      else void prints('hi\n')(session);
    },
  });
});
suiteTeardown(() => server.close());

setup(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kpi-'));
  accepted = undefined;
  shown = [];
  logged = [];
  servedBefore = server.requests.length;
});
teardown(() => rm(folder, { recursive: true }));

/** A user without the test's client certificate. */
function apiOf(user: object, cluster: object = {}): Api {
  const none = { 'client-certificate': '', 'client-key': '' };
  const kubeconfig = kubeconfigFor(server.url, { cluster, user: { ...none, ...user } });
  const note = (message: string) => void logged.push(message);
  const log: ClusterLog = { debug: note, info: note, warn: note };
  return { connection: connectionOf(kubeconfig, 'test'), log };
}

const right = { verb: 'get', resource: '/version' };
const ask = (api: Api) => requestJson(api, { path: '/version', right });
const pod = { namespace: 'kube-system', name: 'p', container: 'c' };
const run = (api: Api) => exec(api, { pod, command: ['x'], timeout: 5000, byteLimit: 1000 });

/** A credential plugin; `$RUNS` is the file that counts its runs, `$N` the number of this one. */
async function plugin(script: string, more: object = {}): Promise<{ exec: object }> {
  const command = join(folder, 'plugin');
  const counting = `echo run >> "$RUNS"\nN=$(wc -l < "$RUNS" | tr -d ' ')\n`;
  await writeFile(command, `#!/bin/sh\n${counting}${script}\n`, { mode: 0o700 });
  const env = [{ name: 'RUNS', value: join(folder, 'runs') }];
  const apiVersion = 'client.authentication.k8s.io/v1';
  return { exec: { apiVersion, command, env, interactiveMode: 'IfAvailable', ...more } };
}

const runs = async () => (await readFile(join(folder, 'runs'), 'utf8')).split('\n').length - 1;

/** What a plugin prints. */
function credential(status: object): string {
  const answer = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };
  return `cat <<END\n${JSON.stringify(answer)}\nEND`;
}

suite('credential plugins', () => {
  test('a token: one run for many requests at once, for lists and exec', async () => {
    const api = apiOf(await plugin(credential({ token: 'token-$N' })));
    await Promise.all([ask(api), ask(api), run(api)]);
    await ask(api);
    assert.deepEqual(shown, Array(4).fill('Bearer token-1'));
    assert.equal(await runs(), 1);
  });

  test('a client certificate with its key', async () => {
    const text = (name: string) => readFile(tlsFile(name), 'utf8');
    const status = {
      clientCertificateData: await text('client.crt'),
      clientKeyData: await text('client.key'),
    };
    await ask(apiOf(await plugin(credential(status).replace('<<END', "<<'END'"))));
    assert.equal(server.lastUser(), 'admin');
  });

  test('an expired credential is had anew before it is shown', async () => {
    const status = { token: 'token-$N', expirationTimestamp: '2020-01-01T00:00:00Z' };
    const api = apiOf(await plugin(credential(status)));
    await ask(api);
    await ask(api);
    assert.deepEqual(shown, ['Bearer token-1', 'Bearer token-2']);
  });

  test('after a 401 it runs again, once, and the request is repeated', async () => {
    const api = apiOf(await plugin(credential({ token: 'token-$N' })));
    await ask(api);
    accepted = ['Bearer token-2'];
    await Promise.all([ask(api), ask(api), run(api)]);
    assert.equal(await runs(), 2);
    accepted = ['Bearer token-3'];
    assert.equal((await run(api)).parts.join(''), 'hi\n');
    accepted = [];
    await assert.rejects(ask(api), reason('credentials', /401.*Log in/));
    await assert.rejects(run(api), reason('credentials', /401.*Log in/));
    assert.equal(await runs(), 5);
  });

  test('provideClusterInfo: the cluster with its CA as data; without it, not', async () => {
    const told = join(folder, 'told');
    const script = `printenv KUBERNETES_EXEC_INFO > ${told}\n${credential({ token: 'x' })}`;
    const extension = { name: 'client.authentication.k8s.io/exec', extension: { audience: 'a' } };
    const info = async (more: object): Promise<Record<string, unknown>> => {
      await ask(apiOf(await plugin(script, more), { extensions: [extension] }));
      return JSON.parse(await readFile(told, 'utf8')) as Record<string, unknown>;
    };
    assert.deepEqual(await info({}), {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      spec: { interactive: false },
    });
    assert.deepEqual((await info({ provideClusterInfo: true }))['spec'], {
      interactive: false,
      cluster: {
        server: server.url,
        'certificate-authority-data': await readFile(tlsFile('ca.crt'), 'base64'),
        config: { audience: 'a' },
      },
    });
  });

  test('interactiveMode: a plugin that needs a terminal is not started', async () => {
    const api = apiOf(await plugin(credential({ token: 'x' }), { interactiveMode: 'Always' }));
    await assert.rejects(ask(api), reason('credentials', /terminal.*kubectl/));
    await assert.rejects(runs(), { code: 'ENOENT' });
    for (const interactiveMode of ['Never', 'IfAvailable', undefined]) {
      // There is nothing to read for it: it would wait for ever.
      const script = `cat > /dev/null\n${credential({ token: 'x' })}`;
      await ask(apiOf(await plugin(script, { interactiveMode })));
    }
  });

  test('a plugin that is missing: the hint how to install it', async () => {
    const missing = { command: 'no-such-plugin', installHint: 'Get it at https://example.test' };
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout');
    // mocha's own timer is set once a test waits.
    await new Promise((resolve) => setImmediate(resolve));
    const before = timers();
    await assert.rejects(
      ask(apiOf({ exec: missing })),
      reason('credentials', /no-such-plugin is not installed.*Get it at https:\/\/example\.test/),
    );
    assert.deepEqual(timers(), before, 'nothing waits for the plugin any more');
  });

  test('a plugin that fails: its own words, and no token in them or in the log', async () => {
    const failing = await plugin('echo "please log in; was Bearer abc.def" >&2; exit 3');
    await assert.rejects(
      ask(apiOf(failing)),
      reason('credentials', /plugin failed \(3\): please log in; was Bearer \(left out\)/),
    );
    assert.match(logged.join('\n'), /please log in/);
    assert.doesNotMatch(logged.join('\n'), /abc\.def/);
  });

  test('a plugin that prints without end is stopped; one whose child stays is not waited for', async () => {
    const endless = await plugin('exec yes 0123456789012345678901234567890123456789');
    await assert.rejects(ask(apiOf(endless)), reason('credentials', /prints without end/));
    const child = await plugin(`sleep 60 &\n${credential({ token: 'x' })}`);
    await ask(apiOf(child));
  });

  test('answers that are none', async () => {
    for (const [script, message] of [
      ['echo hello', /printed no ExecCredential/],
      ['echo null', /neither a token nor a certificate/],
      [credential({}), /neither a token nor a certificate/],
      [credential({ clientKeyData: 'k' }), /a key without one/],
      [credential({ token: 'x' }).replace('io/v1"', 'io/v1alpha1"'), /v1alpha1.*says .*io\/v1\b/],
    ] as const) {
      await assert.rejects(ask(apiOf(await plugin(script))), reason('credentials', message));
    }
    assert.equal(server.requests.length, servedBefore, 'no request went out anonymous');
  });

  test('a cancel does not wait for a plugin that hangs; others still may', async () => {
    const { connection } = apiOf(await plugin(`sleep 0.3\n${credential({ token: 'late' })}`));
    const patient = connection.options();
    await assert.rejects(connection.options(AbortSignal.timeout(20)), reason('cancelled'));
    const had = await patient;
    assert.equal(had.headers?.['Authorization' as never], 'Bearer late');
    assert.equal(await runs(), 1);
    // It is still the one that is held: a 401 for it makes the plugin run again.
    assert.equal(connection.forgetCredentials(had), true);
    await connection.options();
    assert.equal(await runs(), 2);
  });

  test('one that failed is run again for the next request', async () => {
    const script = `[ "$N" = 1 ] && exit 1\n${credential({ token: 'token-$N' })}`;
    const api = apiOf(await plugin(script));
    await assert.rejects(ask(api), reason('credentials'));
    await ask(api);
    assert.deepEqual(shown, ['Bearer token-2']);
  });

  test('a 401 for one that was replaced meanwhile is no reason to run it again', async () => {
    const { connection } = apiOf(await plugin(credential({ token: 'token-$N' })));
    const old = await connection.options();
    connection.forgetCredentials(old);
    await connection.options();
    connection.forgetCredentials(old);
    await connection.options();
    assert.equal(await runs(), 2);
  });
});

suite('tokenFile', () => {
  test('is read again after a 401: a mounted token is replaced in place', async () => {
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, 'one\n');
    const api = apiOf({ tokenFile });
    await ask(api);
    await writeFile(tokenFile, 'two\n');
    accepted = ['Bearer two'];
    await ask(api);
    assert.deepEqual(shown, ['Bearer one', 'Bearer one', 'Bearer two']);
  });

  test('that is missing is told by its name', () =>
    assert.rejects(
      ask(apiOf({ tokenFile: join(folder, 'none') })),
      reason('credentials', /token file .*none/),
    ));
});

suite('OIDC', () => {
  /** An unsigned JSON Web Token that ends so many seconds from now. */
  const idToken = (seconds: number, name = 'n') =>
    [{ alg: 'none' }, { name, exp: Math.floor(Date.now() / 1000) + seconds }, {}]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');

  /** An issuer that answers a refresh with what `answer` says, over TLS of the test's CA. */
  async function withIssuer(
    answer: (form: URLSearchParams) => { status?: number; body: object },
    body: (config: Record<string, string>, forms: URLSearchParams[]) => Promise<void>,
  ): Promise<void> {
    const forms: URLSearchParams[] = [];
    const issuer = https.createServer(serverTls, (request, response) => {
      if (request.url === '/realm/.well-known/openid-configuration') {
        return writeJson(response, 200, { token_endpoint: `${url}/token` });
      }
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part));
      request.on('end', () => {
        const form = new URLSearchParams(text);
        forms.push(form);
        const { status = 200, body: answered } = answer(form);
        writeJson(response, status, answered);
      });
    });
    issuer.listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    const url = `https://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
    try {
      await body(
        {
          'client-id': 'kubernetes',
          'client-secret': 's3cret',
          'idp-issuer-url': `${url}/realm`,
          'idp-certificate-authority': tlsFile('ca.crt'),
          'refresh-token': 'refresh-1',
        },
        forms,
      );
    } finally {
      issuer.closeAllConnections();
      issuer.close();
    }
  }
  const oidc = (config: object) => apiOf({ 'auth-provider': { name: 'oidc', config } });

  test('an id-token that is valid goes out as it is', async () => {
    const token = idToken(3600);
    await ask(oidc({ 'id-token': token }));
    assert.deepEqual(shown, [`Bearer ${token}`]);
  });

  test('an expired one is refreshed at the issuer, whose CA the kubeconfig names', async () => {
    const fresh = idToken(3600, 'fresh');
    await withIssuer(
      () => ({ body: { id_token: fresh, access_token: 'a', token_type: 'Bearer' } }),
      async (config, forms) => {
        const api = oidc({ ...config, 'id-token': idToken(-10) });
        await Promise.all([ask(api), run(api)]);
        assert.deepEqual(shown, [`Bearer ${fresh}`, `Bearer ${fresh}`]);
        assert.deepEqual(Object.fromEntries(forms[0] ?? []), {
          grant_type: 'refresh_token',
          refresh_token: 'refresh-1',
          client_id: 'kubernetes',
          client_secret: 's3cret',
        });
        assert.equal(forms.length, 1);
      },
    );
  });

  test('an issuer that gives a new refresh token each time', async () => {
    let number = 1;
    await withIssuer(
      (form) => {
        assert.equal(form.get('refresh_token'), `refresh-${number}`);
        number++;
        return { body: { id_token: idToken(5), refresh_token: `refresh-${number}` } };
      },
      async (config) => {
        const api = oidc(config);
        await ask(api);
        await ask(api);
        assert.equal(number, 3);
      },
    );
  });

  test('what goes wrong is told, and no token of it', async () => {
    await assert.rejects(
      ask(oidc({ 'id-token': idToken(-10) })),
      reason('credentials', /expired.*no refresh-token.*Log in/),
    );
    await withIssuer(
      () => ({ status: 400, body: { error: 'invalid_grant', error_description: 'Session over' } }),
      async (config) => {
        const refused = oidc(config);
        await assert.rejects(
          ask(refused),
          reason('credentials', /^(?!.*can't be asked).* answered 400 Session over/),
        );
        const untrusted = oidc({ ...config, 'idp-certificate-authority': '' });
        await assert.rejects(ask(untrusted), reason('credentials', /can't be asked/));
      },
    );
    await withIssuer(
      () => ({ body: { access_token: 'a' } }),
      (config) => assert.rejects(ask(oidc(config)), reason('credentials', /scope openid/)),
    );
    assert.doesNotMatch(logged.join('\n'), /refresh-1|s3cret/);
    assert.equal(server.requests.length, servedBefore);
  });
});
