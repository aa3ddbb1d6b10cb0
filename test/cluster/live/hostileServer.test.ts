import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { ServerResponse } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { silentLog } from '../../../src/cluster/log';
import { connectionOf } from '../../../src/cluster/live/connection';
import { exec } from '../../../src/cluster/live/exec';
import { nestingLimit } from '../../../src/cluster/live/nesting';
import { requestJson, type Api } from '../../../src/cluster/live/request';
import type { Cluster } from '../../../src/cluster/cluster';
import type { ApiServer, ServerOptions } from '../server/apiServer';
import { kubeconfigFor, reason, until, withServer } from '../server/harness';
import { withLiveCluster } from '../server/liveCluster';
import { writeJson } from '../server/lists';

const right = { verb: 'get', resource: '/version' };
const version = (api: Api) => requestJson(api, { path: '/version', right });

/** A server that answers each request with this. */
function answering(answer: (response: ServerResponse, url: string) => void): ServerOptions {
  return {
    intercept(request, response) {
      answer(response, request.url ?? '');
      return true;
    },
  };
}

function withCluster(
  options: ServerOptions,
  body: (cluster: Cluster, server: ApiServer) => Promise<void>,
): () => Promise<void> {
  return () => withLiveCluster(options, body);
}

suite('answers of a server that misbehaves', () => {
  test('101 that nobody asked for', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const connection = connectionOf(kubeconfigFor(`http://127.0.0.1:${port}`), 'test');
    await assert.rejects(version({ connection, log: silentLog }), reason('server', /no answer/));
    server.close();
  });

  test(
    'a refusal whose body has no end: it is cut, and its connection closed',
    withServer(
      answering((response) => {
        response.writeHead(503, { 'Content-Encoding': 'gzip' });
        const part = gzipSync(Buffer.alloc(1 << 20, 'x'));
        response.write(part);
      }),
      async (server, api) => {
        await assert.rejects(version(api), reason('server', /answered 503\. x/));
        await until(() => server.openConnections() === 0);
      },
    ),
  );

  test(
    'a refusal that announces a body and sends none',
    withServer(
      answering((response) => {
        response.writeHead(503);
        response.flushHeaders();
      }),
      async (_server, api) => {
        const request = { path: '/version', right, silence: 1500 };
        await assert.rejects(requestJson(api, request), reason('server', /answered 503/));
      },
    ),
  );

  test(
    'a status whose fields are of other types',
    withServer(
      answering((response) =>
        writeJson(response, 403, { message: 5, details: { causes: [null, 1] }, metadata: 'x' }),
      ),
      (_server, api) => assert.rejects(version(api), reason('forbidden', /get on \/version/)),
    ),
  );

  test('a byte order mark, and a character cut between two pieces', async () => {
    const text = Buffer.from('\ufeff{"gitVersion":"v1.36.2-ünï"}');
    const cut = text.indexOf('ü') + 1;
    let url = '';
    await withServer(
      answering((response, path) => {
        if (path === '/meanwhile') {
          response.end();
          return;
        }
        response.write(text.subarray(0, cut));
        // Another request goes the whole way first, so that the pieces are not read as one.
        void fetch(`${url}/meanwhile`).then(() => response.end(text.subarray(cut)));
      }),
      async (server, api) => {
        ({ url } = server);
        assert.deepEqual(await version(api), { gitVersion: 'v1.36.2-ünï' });
      },
    )();
  });

  test(
    'a page of a portal instead of JSON: what JSON.parse says is the cause',
    withServer(
      answering((response) => response.end('<html>Please log in</html>')),
      (_server, api) =>
        assert.rejects(version(api), (error: Error) => {
          assert.ok(error.cause instanceof SyntaxError);
          assert.match(error.cause.message, /Unexpected token/);
          return reason('server', /The answer to \/version is no JSON/)(error);
        }),
    ),
  );

  test(
    'brackets without end',
    withServer(
      answering((response) => {
        response.writeHead(200, { 'Content-Encoding': 'gzip' });
        response.end(gzipSync('{"a":['.repeat(200_000)));
      }),
      (_server, api) => assert.rejects(version(api), reason('server', /nested deeper/)),
    ),
  );

  test('brackets are counted over pieces, not in texts', () => {
    const feed = (...parts: string[]) => {
      const check = nestingLimit(() => new Error('nested'));
      for (const part of parts) check(Buffer.from(part));
    };
    assert.doesNotThrow(() => feed('["', '['.repeat(1000), '\\', '"[', '['.repeat(1000), '"]'));
    assert.doesNotThrow(() => feed('[{}]\n'.repeat(1000)));
    assert.throws(() => feed('['.repeat(400), '{"a":'.repeat(101)), /nested/);
  });

  test('null, a number, a text, another program: no version', async () => {
    for (const value of [null, 5, 'x', [], { gitVersion: { a: 1 } }]) {
      await withCluster(
        answering((response) => writeJson(response, 200, value)),
        async (cluster) => assert.equal((await cluster.info()).version, undefined),
      )();
    }
  });
});

suite('lists of a server that misbehaves otherwise', () => {
  for (const value of [
    null,
    5,
    {},
    { items: {} },
    { items: null },
    { kind: 'Status', code: 200 },
  ]) {
    test(
      `${JSON.stringify(value)} is no list: it does not stand for an empty one`,
      withCluster(
        answering((response) => writeJson(response, 200, value)),
        (cluster) => assert.rejects(cluster.list('services'), reason('server', /is no list/)),
      ),
    );
  }

  test(
    'Go writes null for a list of nothing',
    withCluster(
      answering((response) => writeJson(response, 200, { kind: 'ServiceList', items: null })),
      async (cluster) => assert.deepEqual((await cluster.list('services')).items, []),
    ),
  );

  test(
    'pages shrink until they are short enough, and items of another kind are told',
    withCluster(
      answering((response, url) => {
        const limit = Number(/limit=(\d+)/.exec(url)?.[1]);
        const start = Number(/continue=(\d+)/.exec(url)?.[1] ?? 0);
        const items = Array.from({ length: Math.min(limit, 20 - start) }, (_, i) => ({
          kind: start + i === 3 ? 'Pod' : 'Service',
          metadata: { name: `svc-${start + i}`, annotations: { a: 'x'.repeat(2 << 20) } },
        }));
        const next = start + items.length;
        const metadata = next < 20 ? { continue: String(next) } : {};
        writeJson(response, 200, { metadata, items });
      }),
      async (cluster, { requests }) => {
        const { items, partial } = await cluster.list('services');
        assert.equal(items.length, 19);
        assert.match(partial ?? '', /no objects/);
        assert.deepEqual(
          requests.map((request) => /limit=\d+/.exec(request)?.[0]),
          ['limit=500', 'limit=50', 'limit=5', 'limit=5', 'limit=5', 'limit=5'],
        );
      },
    ),
  );

  test(
    'who asked first lets go: the others still get their list',
    withCluster(
      {
        objects: { services: [{ metadata: { name: 'web', namespace: 'shop' } }] },
      },
      async (cluster) => {
        const first = new AbortController();
        const cancelled = assert.rejects(
          cluster.list('services', { signal: first.signal }),
          reason('cancelled'),
        );
        const second = cluster.list('services');
        first.abort();
        await cancelled;
        assert.equal((await second).items.length, 1);
      },
    ),
  );

  for (const [spec, status] of [
    [{ containers: null }, {}],
    [{ containers: [null, { name: 5, args: 'x' }] }, { containerStatuses: [null, { state: 3 }] }],
    [{ containers: 'kube-proxy' }, { containerStatuses: { a: 1 } }],
  ] as const) {
    const pod = {
      metadata: { name: 'p', labels: { 'k8s-app': 'kube-proxy' } },
      spec: { nodeName: 'node-a', hostNetwork: true, ...spec },
      status: { phase: 'Running', ...status },
    };
    test(
      `a pod with ${JSON.stringify({ ...spec, ...status })}`,
      withCluster({ objects: { pods: [pod] } }, async (cluster) => {
        assert.equal((await cluster.dumps('node-a')).pod?.container, '');
      }),
    );
  }
});

suite('watches of a server that misbehaves', () => {
  const web = { metadata: { name: 'web', namespace: 'shop', resourceVersion: '1' } };
  const watches = (server: ApiServer) =>
    server.requests.filter((request) => request.includes('watch=true')).length;

  for (const [what, event] of [
    ['object: null', '{"type":"MODIFIED","object":null}'],
    ['no JSON', '{"type":'],
    ['null', 'null'],
    [
      'an object of another kind',
      '{"type":"ADDED","object":{"kind":"Pod","metadata":{"name":"x"}}}',
    ],
    ['brackets without end', '['.repeat(1000)],
    ['more than etcd takes', `{"type":"ADDED","object":"${'x'.repeat(9 << 20)}"}`],
  ] as const) {
    test(
      `an event that is sent again each time, ${what}: the list is read anew`,
      withCluster(
        {
          objects: { services: [web] },
          intercept(request, response) {
            if (!request.url?.includes('watch=true')) return false;
            response.writeHead(200);
            response.write(`${event}\n`);
            return true;
          },
        },
        async (cluster, server) => {
          await cluster.list('services');
          server.objects['services']!.push({ metadata: { name: 'new', namespace: 'shop' } });
          await until(async () => (await cluster.list('services')).items.length === 2);
          assert.match(watches(server).toString(), /^[123]$/);
        },
      ),
    );
  }

  test(
    'an event of four megabytes is read in pieces: others go first',
    withCluster({ objects: { services: [web] } }, async (cluster, server) => {
      await cluster.list('services');
      await until(() => watches(server) === 1);
      const pairs = Array.from({ length: 100_000 }, (_, i) => [
        `key-${i}`,
        `a value of ${i}, not short`,
      ]);
      const labels = Object.fromEntries(pairs) as Record<string, string>;
      const whole = JSON.parse;
      let longest = 0;
      JSON.parse = (text: string) => {
        longest = Math.max(longest, text.length);
        return whole(text) as unknown;
      };
      try {
        const metadata = { name: 'new', namespace: 'shop', labels, resourceVersion: '7' };
        server.emit('services', { type: 'ADDED', object: { metadata } });
        await until(async () => (await cluster.list('services')).items.length === 2);
      } finally {
        JSON.parse = whole;
      }
      const [, read] = (await cluster.list('services')).items;
      assert.equal(Object.keys(read!.metadata.labels).length, 100_000);
      assert.ok(longest > 1000 && longest < 70_000, `${longest} characters at once`);
    }),
  );

  test(
    'a bookmark of another kind, of no version, and events cut within a character',
    withCluster({ objects: { services: [web] } }, async (cluster, server) => {
      await cluster.list('services');
      await until(() => watches(server) === 1);
      const bookmark = (object: unknown) =>
        server.emit('services', { type: 'BOOKMARK', object: object as object });
      bookmark({ kind: 'Pod', metadata: { resourceVersion: '900' } });
      bookmark({ kind: 'Service', metadata: { resourceVersion: { a: 1 } } });
      bookmark(null);
      bookmark({ kind: 'Service', metadata: null });
      const object = {
        metadata: { name: 'new', namespace: 'shop', labels: { a: 'ü' }, resourceVersion: '7' },
      };
      server.emit('services', { type: 'ADDED', object });
      await until(async () => (await cluster.list('services')).items.length === 2);
      server.endWatches();
      await until(() => watches(server) === 2);
      assert.match(server.requests.at(-1) ?? '', /resourceVersion=7$/);
    }),
  );

  test('a watch that expires at once each time waits before the list is read again', async () => {
    let lists = 0;
    await withCluster(
      {
        objects: { services: [web] },
        intercept(request, response) {
          if (!request.url?.includes('watch=true')) {
            lists++;
            return false;
          }
          writeJson(response, 410, { kind: 'Status', code: 410, message: 'too old' });
          return true;
        },
      },
      async (cluster) => {
        await cluster.list('services');
        await until(async () => (await cluster.list('services')).stale !== undefined);
        assert.equal(lists, 2);
      },
    )();
  });

  test('who may read all, and is forbidden for a moment, does not end with one namespace', async () => {
    let forbidden = 0;
    await withCluster(
      {
        objects: {
          services: [web, { metadata: { name: 'other', namespace: 'elsewhere' } }],
        },
        intercept(request, response) {
          const isWatch = request.url?.includes('watch=true');
          if (isWatch && forbidden === 0) {
            forbidden = 1;
            writeJson(response, 410, { kind: 'Status', code: 410, message: 'too old' });
            return true;
          }
          if (forbidden !== 1 || isWatch) return false;
          forbidden = 2;
          writeJson(response, 403, { kind: 'Status', code: 403, message: 'not yet' });
          return true;
        },
      },
      async (cluster, server) => {
        await cluster.list('services');
        await until(() => watches(server) === 2);
        const { items, partial } = await cluster.list('services');
        assert.equal(items.length, 2);
        assert.equal(partial, undefined);
      },
    )();
  });
});

suite('commands of a server that misbehaves', () => {
  const request = {
    pod: { namespace: 'kube-system', name: 'p', container: 'c' },
    command: ['ip'],
    timeout: 5000,
    byteLimit: 1024,
  };
  const status = (text: string, times = 1): ServerOptions => ({
    exec: () => (session) => {
      const socket = session.accept();
      for (let i = 0; i < times; i++) socket.send(Buffer.concat([Buffer.of(3), Buffer.from(text)]));
    },
  });

  for (const text of [
    '{"message":5}',
    '{"status":"Failure","message":{"a":1},"details":{"causes":{"a":1}}}',
    '{"details":{"causes":[null,7,{"reason":"ExitCode","message":null}]}}',
    '[]',
  ]) {
    test(
      `a status of other types: ${text}`,
      withServer(status(text), async (_server, api) => {
        assert.equal((await exec(api, request)).problem?.kind, 'refused');
      }),
    );
  }

  test(
    'a status in thousands of pieces is not parsed each time',
    withServer(status('{"a":"}', 1000), async (_server, api) => {
      assert.equal((await exec(api, request)).problem?.kind, 'no-status');
    }),
  );
});

suite('kubeconfigs and plugins that misbehave', () => {
  test('a certificate that is a pipe is told, not waited for', async function () {
    if (process.platform === 'win32') this.skip();
    const folder = mkdtempSync(join(tmpdir(), 'kpi-'));
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const [where, key] of [
      ['cluster', 'certificate-authority'],
      ['user', 'client-certificate'],
      ['user', 'client-key'],
      ['user', 'tokenFile'],
    ] as const) {
      const config = kubeconfigFor('https://127.0.0.1:1', { [where]: { [key]: pipe } });
      const api: Api = { connection: connectionOf(config, 'test'), log: silentLog };
      await assert.rejects(version(api), reason('credentials', /not a file/));
    }
    rmSync(folder, { recursive: true });
  });

  test('a plugin that does not listen to the signal to end, and prints without end', async () => {
    const exec = {
      command: '/bin/sh',
      args: ['-c', "trap '' TERM; while :; do echo 0123456789012345678901234567890123456789; done"],
    };
    const config = kubeconfigFor('https://127.0.0.1:1', { user: { exec } });
    const api: Api = { connection: connectionOf(config, 'test'), log: silentLog };
    await assert.rejects(version(api), reason('credentials', /prints without end/));
  });

  test('a plugin whose answer begins with a byte order mark', async () => {
    const answer = { kind: 'ExecCredential', status: { token: 'abc' } };
    const exec = { command: 'printf', args: [`\\357\\273\\277${JSON.stringify(answer)}`] };
    await withServer({}, async (server) => {
      const config = kubeconfigFor(server.url, { user: { exec } });
      await version({ connection: connectionOf(config, 'test'), log: silentLog });
      assert.equal(server.lastHeaders().authorization, 'Bearer abc');
    })();
  });
});
