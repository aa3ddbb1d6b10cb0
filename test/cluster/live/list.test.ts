import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { listPages } from '../../../src/cluster/live/list';
import type { Api } from '../../../src/cluster/live/request';
import { createStore, type ObjectStore } from '../../../src/cluster/live/store';
import type { ApiObject } from '../../../src/cluster/object';
import { reason, until, withServer } from '../server/harness';
import { writeJson, type ServerObject } from '../server/lists';
import { recording } from '../server/recording';

function service(name: string, namespace = 'shop'): ServerObject {
  return { metadata: { name, namespace } };
}

/** Watched where somebody listens. */
function storeOf(api: Api, onChange?: () => void): ObjectStore<ApiObject> {
  return createStore(api, {
    resource: 'services',
    watch: onChange !== undefined,
    lower: (object) => object,
    onChange: onChange ?? (() => undefined),
  });
}

async function names(api: Api): Promise<string[]> {
  const all: string[] = [];
  for await (const { items } of listPages(api, { resource: 'services' })) {
    all.push(...items.map(({ metadata }) => metadata.name));
  }
  return all;
}

const many = Array.from({ length: 1201 }, (_, i) => service(`svc-${i}`));

suite('lists', () => {
  test(
    'come in pages of 500',
    withServer({ objects: { services: many } }, async (server, api) => {
      const all = await names(api);
      assert.equal(all.length, 1201);
      assert.equal(all.at(-1), 'svc-1200');
      assert.deepEqual(server.requests, [
        'GET /api/v1/services?limit=500',
        'GET /api/v1/services?limit=500&continue=500',
        'GET /api/v1/services?limit=500&continue=1000',
      ]);
    }),
  );

  test('an expired continue token goes on with the one of the 410 answer', async () => {
    const [gone] = recording('api-continue-410');
    const next = /"continue":"([^"]+)"/.exec(gone?.body ?? '')?.[1];
    assert.ok(next);
    await withServer(
      {
        objects: { services: many },
        intercept(request, response) {
          if (!request.url?.includes('continue=')) return false;
          if (request.url.includes(next)) {
            writeJson(response, 200, { metadata: {}, items: [service('rest')] });
          } else {
            response.writeHead(410, gone?.responseHeaders).end(gone?.body);
          }
          return true;
        },
      },
      async (_server, api) => {
        const store = storeOf(api);
        const { items, partial } = await store.list();
        assert.equal(items.length, 501);
        assert.match(partial ?? '', /changed while it was read/);
      },
    )();
  });

  test('a throttled list is repeated after Retry-After', async () => {
    const [throttled] = recording('api-429');
    assert.equal(throttled?.responseHeaders['Retry-After'], '1');
    let answers = 0;
    await withServer(
      {
        objects: { services: [service('web')] },
        intercept(_request, response) {
          if (answers++ > 0) return false;
          const headers = { ...throttled.responseHeaders, 'Retry-After': '0' };
          response.writeHead(429, headers).end(throttled.body);
          return true;
        },
      },
      async (_server, api) => assert.deepEqual(await names(api), ['web']),
    )();
    assert.equal(answers, 2);
  });

  test('a forbidden list names the verb and the resource', async () => {
    await withServer(
      {
        intercept: refuse(403, '{"kind":"Status","message":"services is forbidden: User \\"x\\""}'),
      },
      (_server, api) =>
        assert.rejects(names(api), reason('forbidden', /list on services\. .*User/)),
    )();
  });

  test('rights in one namespace only give that namespace, and say so', async () => {
    await withServer(
      {
        objects: { services: [service('web'), service('other', 'elsewhere')] },
        intercept(request, response) {
          if (request.url?.includes('/namespaces/')) return false;
          writeJson(response, 403, { kind: 'Status', message: 'services is forbidden' });
          return true;
        },
      },
      async (_server, api) => {
        const store = storeOf(api);
        const { items, partial } = await store.list();
        assert.deepEqual(
          items.map(({ metadata }) => metadata.name),
          ['web'],
        );
        assert.match(partial ?? '', /^Only namespace shop\./);
      },
    )();
  });

  test(
    '401 asks to log in',
    withServer({ intercept: refuse(401, recording('api-401')[0]?.body ?? '') }, (_server, api) =>
      assert.rejects(names(api), reason('credentials', /Log in/)),
    ),
  );

  test('a list cut in the middle is an error, not a short list', async () => {
    await withServer(
      {
        intercept(_request, response) {
          response.writeHead(200, { 'Content-Length': '1000' });
          response.write('{"items":[', () => response.destroy());
          return true;
        },
      },
      (_server, api) => assert.rejects(names(api), reason('unreachable')),
    )();
  });

  test(
    'cancel ends the connection',
    withServer({ intercept: () => true }, async (server, api) => {
      const controller = new AbortController();
      const store = storeOf(api);
      const rejected = assert.rejects(store.list(controller.signal), reason('cancelled'));
      while (server.requests.length === 0) await new Promise(setImmediate);
      controller.abort();
      await rejected;
      while (server.openConnections() > 0) await new Promise(setImmediate);
    }),
  );
});

function refuse(status: number, body: string) {
  return (
    _request: unknown,
    response: { writeHead: (n: number) => { end: (s: string) => void } },
  ) => {
    response.writeHead(status).end(body);
    return true;
  };
}

suite('watches', () => {
  const lines = recording('watch-add-mod-del')[0]?.events?.map(({ line }) => line) ?? [];

  function watchTest(
    body: (
      server: Parameters<Parameters<typeof withServer>[1]>[0],
      next: () => Promise<string[]>,
    ) => Promise<void>,
  ): () => Promise<void> {
    return withServer({ objects: { services: [service('web')] } }, async (server, api) => {
      let told: () => void = () => undefined;
      const store = storeOf(api, () => told());
      const all = async () => (await store.list()).items.map(({ metadata }) => metadata.name);
      assert.deepEqual(await all(), ['web']);
      while (!server.requests.some((request) => request.includes('watch=true'))) {
        await new Promise(setImmediate);
      }
      await body(server, async () => {
        await new Promise<void>((resolve) => (told = resolve));
        return all();
      });
      store.dispose();
    });
  }

  test(
    'keep a list up to date',
    watchTest(async (server, next) => {
      assert.equal(lines.length, 3);
      server.emit('services', lines[0] ?? '');
      assert.deepEqual(await next(), ['web', 'watched']);
      server.emit('services', (lines[1] ?? '') + (lines[2] ?? ''));
      assert.deepEqual(await next(), ['web']);
    }),
  );

  test(
    'go on from the last resourceVersion when the server ends them',
    watchTest(async (server, next) => {
      server.emit('services', {
        type: 'BOOKMARK',
        object: { metadata: { resourceVersion: '777' } },
      });
      server.endWatches();
      while (!server.requests.at(-1)?.includes('resourceVersion=777')) {
        await new Promise(setImmediate);
      }
      server.emit('services', lines[0] ?? '');
      assert.deepEqual(await next(), ['web', 'watched']);
    }),
  );

  test(
    '410 Gone comes as an event under HTTP 200: the list is read again',
    watchTest(async (server, next) => {
      server.objects['services']?.push(service('new'));
      server.emit('services', recording('watch-rv1-410')[0]?.events?.[0]?.line ?? '');
      assert.deepEqual(await next(), ['web', 'new']);
    }),
  );

  test(
    'an event that is none, and one of a broken object: the next ones are read',
    watchTest(async (server, next) => {
      server.emit('services', '{"type":"ADDED","object":null}\n');
      await next();
      while (!server.requests.slice(2).some((request) => request.includes('watch=true'))) {
        await new Promise(setImmediate);
      }
      server.emit('services', lines[0] ?? '');
      assert.deepEqual(await next(), ['web', 'watched']);
    }),
  );
});

suite('watches while the API server restarts', () => {
  /** Serves the list and its first watch, then refuses as `answers` says, then serves again. */
  function restartTest(
    answers: readonly number[],
    body: (store: ObjectStore<ApiObject>, refused: () => number, end: () => void) => Promise<void>,
  ): () => Promise<void> {
    const left = [...answers];
    let requests = 0;
    return withServer(
      {
        objects: { services: [service('web')] },
        intercept(_request, response) {
          if (requests++ < 2) return false;
          const status = left.shift();
          if (status === undefined) return false;
          writeJson(response, status, {
            kind: 'Status',
            message: `restarting (${status})`,
            code: status,
          });
          return true;
        },
      },
      async (server, api) => {
        const store = storeOf(api, () => undefined);
        await store.list();
        while (server.requests.length < 2) await new Promise(setImmediate);
        await body(
          store,
          () => answers.length - left.length,
          () => server.endWatches(),
        );
        store.dispose();
      },
    );
  }

  for (const [name, answers] of [
    ['a 403 in its first seconds', [403]],
    ['401', [401]],
    ['410, then a list that fails', [410, 503]],
    ['410, then a list that is forbidden', [410, 403, 403]],
  ] as const) {
    test(
      `${name}: not live since then, and live again`,
      restartTest(answers, async (store, refused, end) => {
        end();
        await until(async () => (await store.list()).stale !== undefined);
        const { items, stale } = await store.list();
        assert.deepEqual(
          items.map(({ metadata }) => metadata.name),
          ['web'],
        );
        assert.match(stale?.reason ?? '', /restarting|Log in/);
        assert.ok(Date.parse(stale?.since ?? '') <= Date.now());
        await until(async () => (await store.list()).stale === undefined);
        assert.equal(refused(), answers.length);
      }),
    );
  }

  test('a watch that ends at once is asked again after a pause', async () => {
    const asked: number[] = [];
    await withServer(
      {
        objects: { services: [service('web')] },
        intercept(request, response) {
          if (!request.url?.includes('watch=true')) return false;
          asked.push(Date.now());
          response.writeHead(200).end();
          return true;
        },
      },
      async (_server, api) => {
        const store = storeOf(api, () => undefined);
        await store.list();
        await until(() => asked.length >= 2);
        store.dispose();
      },
    )();
    assert.ok(asked[1]! - asked[0]! >= 450, `asked again after ${asked[1]! - asked[0]!} ms`);
  });
});

suite('lists of a server that misbehaves', () => {
  test('items that are no objects are left out, and it is said', async () => {
    await withServer(
      {
        intercept(_request, response) {
          const items = [null, 1, {}, { metadata: null }, { metadata: {} }, service('web')];
          writeJson(response, 200, { metadata: { resourceVersion: '1' }, items });
          return true;
        },
      },
      async (_server, api) => {
        const { items, partial } = await storeOf(api).list();
        assert.equal(items.length, 1);
        assert.match(partial ?? '', /no objects/);
      },
    )();
  });

  test('pages without end are an error', async () => {
    let pages = 0;
    await withServer(
      {
        intercept(_request, response) {
          writeJson(response, 200, { metadata: { continue: `next-${pages++}` }, items: [] });
          return true;
        },
      },
      (_server, api) => assert.rejects(names(api), reason('server', /has no end/)),
    )();
    assert.equal(pages, 1000);
  });

  test('a day of Retry-After is not waited for', async () => {
    await withServer(
      {
        intercept(_request, response) {
          response.writeHead(429, { 'Retry-After': '86400' }).end('later');
          return true;
        },
      },
      (_server, api) => assert.rejects(names(api), reason('throttled')),
    )();
  });

  test('a gzip bomb ends at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(160 * 1024 * 1024, ' '));
    await withServer(
      {
        intercept(_request, response) {
          response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb);
          return true;
        },
      },
      (_server, api) => assert.rejects(names(api), reason('server', /longer than any list/)),
    )();
  });
});
