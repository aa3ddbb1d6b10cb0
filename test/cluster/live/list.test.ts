import assert from 'node:assert/strict';
import { listPages } from '../../../src/cluster/live/list';
import type { Api } from '../../../src/cluster/live/request';
import { createStore } from '../../../src/cluster/live/store';
import { reason, withServer } from '../server/harness';
import { writeJson, type ServerObject } from '../server/lists';
import { recording } from '../server/recording';

function service(name: string, namespace = 'shop'): ServerObject {
  return { metadata: { name, namespace } };
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
        const store = createStore(api, 'services', false, () => undefined);
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
        const store = createStore(api, 'services', false, () => undefined);
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
          response.write('{"items":[');
          setTimeout(() => response.destroy(), 20);
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
      const store = createStore(api, 'services', false, () => undefined);
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
      const store = createStore(api, 'services', true, () => told());
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
});
