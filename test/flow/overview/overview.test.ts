import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { ClusterError } from '../../../src/cluster/error';
import type { Severity } from '../../../src/core/finding';
import type { NodeState } from '../../../src/core/node';
import type { ListedNode, OverviewNodes } from '../../../src/flow/overview/nodes';
import { Overview, type OverviewHost } from '../../../src/flow/overview/overview';
import type { ToWebview } from '../../../src/flow/protocol';

type Rows = Extract<ToWebview, { type: 'overview-rows' }>;

const state = (name: string): NodeState => ({ name, rulesets: [], findings: [] });
const finding = (severity: Severity) => ({
  code: 'x',
  severity,
  message: 'x',
  range: { source: 'x', line: 0, start: 0, end: 0 },
});

/** An overview of made nodes, and what happened to them. */
function made(listed: readonly ListedNode[], given: Partial<OverviewNodes & OverviewHost> = {}) {
  const posted: Rows[] = [];
  const warned: string[] = [];
  const questions: number[] = [];
  const listeners: ((node: string | undefined) => void)[] = [];
  const nodes: OverviewNodes = {
    family: 4,
    list: () => Promise.resolve(listed),
    capture: () => 'first',
    services: () => Promise.resolve([]),
    objects: () => Promise.resolve(undefined),
    captured: () => Promise.resolve(undefined),
    state: (node) => Promise.resolve(state(node)),
    dump: () => Promise.reject(new Error('none')),
    onDidChange(listener) {
      listeners.push(listener);
      return { dispose: () => void listeners.splice(listeners.indexOf(listener), 1) };
    },
    ...given,
  };
  const host: OverviewHost = {
    post: (message) => void (message.type === 'overview-rows' && posted.push(message)),
    warn: (message) => void warned.push(message),
    parallelNodes: () => 2,
    agrees(count) {
      questions.push(count);
      return Promise.resolve(false);
    },
    findings: () => Promise.resolve([]),
    ...given,
  };
  const overview = new Overview(nodes, 'default/web:80/TCP', host);
  const states = () => overview.lines.map((line) => `${line.node} ${line.state}`);
  const changed = (node: string | undefined) => {
    for (const listener of listeners) listener(node);
  };
  return { overview, posted, warned, questions, listeners, states, changed };
}

/** Looks again until it holds; a test that waits in vain says what it saw. */
async function until(holds: () => boolean, seen: () => unknown = () => ''): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (holds()) return;
    await wait(10);
  }
  assert.fail(`in vain: ${JSON.stringify(seen())}`);
}

/** Lists the nodes and begins to read, as the view does; ends once it holds. */
async function begun(overview: Overview, ...wanted: Parameters<typeof until>): Promise<void> {
  await overview.list();
  overview.begin();
  await until(...wanted);
}

const held = (...names: string[]) => names.map((name) => ({ name, held: true }));
const away = (...names: string[]) => names.map((name) => ({ name, held: false }));

suite('the table of all nodes: reading', () => {
  test('what is held is read one node after the other, the rest waits to be fetched', async () => {
    let atOnce = 0;
    let most = 0;
    const { overview, states, posted } = made([...held('a', 'b', 'c'), ...away('d')], {
      async state(node) {
        most = Math.max(most, ++atOnce);
        await wait(5);
        atOnce--;
        return state(node);
      },
    });
    await overview.list();
    assert.deepEqual(states(), ['a waiting', 'b waiting', 'c waiting', 'd not-fetched']);
    assert.equal(overview.progress, undefined);
    overview.begin();
    assert.deepEqual(overview.progress, { what: 'read', done: 0, of: 3 });
    await until(() => overview.progress === undefined, states);
    assert.deepEqual(states(), ['a read', 'b read', 'c read', 'd not-fetched']);
    assert.equal(most, 1);
    await until(() => posted.length > 0 && posted.at(-1)!.progress === undefined);
    const told = posted.flatMap(({ lines }) => lines.map(({ node }) => node));
    assert.deepEqual([...new Set(told)].sort(), ['a', 'b', 'c', 'd']);
    overview.dispose();
  });

  test('rows of one moment are sent together, and one that is as before is not sent again', async () => {
    const { overview, posted, changed, states } = made(held('a', 'b'));
    await begun(overview, () => posted.length > 0);
    const { length } = posted;
    assert.deepEqual(posted[0]!.lines.map(({ node }) => node).sort(), ['a', 'b']);
    // Objects may have changed: all rows are compared anew.
    changed(undefined);
    await until(() => posted.length > length);
    assert.deepEqual(
      posted.slice(length).flatMap(({ lines }) => lines),
      [],
    );
    assert.deepEqual(states(), ['a read', 'b read']);
    overview.dispose();
  });

  test('a node that can not be read fails alone, with its reason; resume tries it again', async () => {
    let broken = true;
    const { overview, states, warned } = made(held('a', 'b'), {
      state: (node) =>
        node === 'a' && broken ? Promise.reject(new Error('gone')) : Promise.resolve(state(node)),
    });
    await begun(overview, () => overview.progress === undefined);
    assert.deepEqual(overview.lines[0], { node: 'a', state: 'failed', reason: 'gone' });
    assert.deepEqual(states(), ['a failed', 'b read']);
    assert.deepEqual(warned, ['Overview of default/web:80/TCP: a: gone']);
    broken = false;
    overview.resume();
    await until(() => overview.progress === undefined);
    assert.deepEqual(states(), ['a read', 'b read']);
    overview.dispose();
  });

  test('stop ends it and keeps what was read; resume reads the rest', async () => {
    const read: string[] = [];
    const { overview, states } = made(held('a', 'b', 'c'), {
      async state(node) {
        read.push(node);
        await wait(10);
        return state(node);
      },
    });
    await begun(overview, () => states()[0] === 'a read');
    overview.stop();
    assert.equal(overview.progress, undefined);
    const before = states();
    assert.equal(before[2], 'c waiting');
    await wait(40);
    assert.ok(!read.includes('c'), read.join());
    overview.resume();
    await until(() => overview.progress === undefined && states()[2] === 'c read', states);
    overview.dispose();
  });

  test('without the right to list objects what is programmed is told, and why no more', async () => {
    const { overview, states, warned } = made(held('a'), {
      objects: () => Promise.reject(new Error('Forbidden')),
    });
    await begun(overview, () => overview.progress === undefined);
    assert.deepEqual(states(), ['a read']);
    assert.deepEqual(warned, ['Overview of default/web:80/TCP: Forbidden']);
    overview.dispose();
  });
});

suite('the table of all nodes: findings', () => {
  const cell = (overview: Overview, node: string) => {
    const line = overview.lines.find((one) => one.node === node);
    return JSON.stringify(line?.cells?.findings?.text);
  };

  test('errors and warnings are counted once the row is there; a note is none', async () => {
    const { overview } = made(held('a'), {
      findings: () =>
        Promise.resolve([finding('error'), finding('warning'), finding('information')]),
    });
    await begun(
      overview,
      () => /2/.test(cell(overview, 'a') ?? ''),
      () => overview.lines,
    );
    overview.dispose();
  });

  test('a failure leaves the row as it is, and is told in the log', async () => {
    const { overview, warned, states } = made(held('a'), {
      findings: () => Promise.reject(new Error('broken')),
    });
    await begun(overview, () => warned.length > 0);
    assert.deepEqual(warned, ['Findings of a: Error: broken']);
    assert.deepEqual(states(), ['a read']);
    overview.dispose();
  });

  test('who was stopped is no failure; of many nodes no more than eight are held uncounted', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `n${i}`);
    let read = 0;
    let firstCounted = 0;
    const { overview, warned } = made(held(...names), {
      state(node) {
        read++;
        return Promise.resolve(state(node));
      },
      findings() {
        firstCounted ||= read;
        return Promise.reject(new ClusterError('cancelled', 'Cancelled.'));
      },
    });
    await begun(overview, () => overview.progress === undefined && read === 12);
    assert.equal(firstCounted, 8);
    assert.deepEqual(warned, []);
    overview.dispose();
  });
});

suite('the table of all nodes: fetching', () => {
  test('those that lack dumps, so many at a time; a failure has its reason', async () => {
    let atOnce = 0;
    let most = 0;
    const asked: string[] = [];
    const { overview, states } = made([...held('a'), ...away('b', 'c', 'd')], {
      async fetch(node) {
        asked.push(node);
        most = Math.max(most, ++atOnce);
        await wait(10);
        atOnce--;
        if (node === 'c') throw new Error('Forbidden');
        return state(node);
      },
    });
    await begun(overview, () => overview.progress === undefined);
    const fetching = overview.fetch(undefined);
    assert.deepEqual(states(), ['a read', 'b fetching', 'c fetching', 'd fetching']);
    assert.deepEqual(overview.progress, { what: 'fetch', done: 0, of: 3 });
    await fetching;
    assert.deepEqual(asked, ['b', 'c', 'd']);
    assert.equal(most, 2);
    assert.deepEqual(states(), ['a read', 'b read', 'c failed', 'd read']);
    assert.equal(overview.progress, undefined);
    // Of a cluster, what failed is not read again by itself: it was asked.
    overview.resume();
    assert.equal(overview.progress, undefined);
    // c alone lacks something now; when nothing does, all are fetched anew.
    await overview.fetch(undefined);
    assert.deepEqual(asked.slice(3), ['c']);
    overview.dispose();
  });

  test('when all have theirs, all anew; one by its name; one that is not there, and folders, not at all', async () => {
    const asked: string[] = [];
    const given = {
      fetch(node: string) {
        asked.push(node);
        return Promise.resolve(state(node));
      },
    };
    const { overview } = made(held('a', 'b'), given);
    await begun(overview, () => overview.progress === undefined);
    await overview.fetch(undefined);
    await overview.fetch('b');
    await overview.fetch('nobody');
    assert.deepEqual(asked, ['a', 'b', 'b']);
    overview.dispose();
    const folders = made(held('a'));
    await folders.overview.list();
    await folders.overview.fetch('a');
    assert.deepEqual(folders.states(), ['a waiting']);
    folders.overview.dispose();
  });

  test('of more than fifty nodes only after a question', async () => {
    const names = Array.from({ length: 51 }, (_, i) => `n${i}`);
    const asked: string[] = [];
    const fetch = (node: string) => {
      asked.push(node);
      return Promise.resolve(state(node));
    };
    const { overview, questions } = made(away(...names), { fetch });
    await overview.list();
    await overview.fetch(undefined);
    assert.deepEqual([questions, asked], [[51], []]);
    overview.dispose();
    const fifty = made(away(...names.slice(1)), { fetch });
    await fifty.overview.list();
    await fifty.overview.fetch(undefined);
    assert.deepEqual([fifty.questions, asked.length], [[], 50]);
    fifty.overview.dispose();
  });

  test('stopped on its way: what was known before is still, and no failure is told', async () => {
    const { overview, states, warned } = made(away('a', 'b', 'c'), {
      fetch: (_node, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    });
    await overview.list();
    const fetching = overview.fetch(undefined);
    await wait(10);
    // What is being fetched is not asked for a second time.
    await overview.fetch('a');
    overview.stop();
    await fetching;
    assert.deepEqual(states(), ['a not-fetched', 'b not-fetched', 'c not-fetched']);
    assert.deepEqual(warned, []);
    overview.dispose();
  });
});

suite('the table of all nodes: changes', () => {
  test('a node that changed is read anew; one that has no row is none', async () => {
    const read: string[] = [];
    const { overview, changed } = made(held('a', 'b'), {
      state(node) {
        read.push(node);
        return Promise.resolve(state(node));
      },
    });
    await begun(overview, () => overview.progress === undefined);
    changed('b');
    changed('nobody');
    await until(() => overview.progress === undefined && read.length === 3);
    assert.deepEqual(read, ['a', 'b', 'b']);
    overview.dispose();
  });

  test('nodes come and go; a newer capture is read', async () => {
    let listed = held('a', 'b');
    let capture = 'first';
    const read: string[] = [];
    const { overview, changed, states } = made([], {
      list: () => Promise.resolve(listed),
      capture: (node) => (node === 'a' ? capture : 'first'),
      state(node) {
        read.push(node);
        return Promise.resolve(state(node));
      },
    });
    await begun(overview, () => overview.progress === undefined);
    listed = held('a', 'c');
    capture = 'second';
    changed(undefined);
    changed(undefined);
    await until(() => states().includes('c read'), states);
    assert.deepEqual(states(), ['a read', 'b failed', 'c read']);
    assert.deepEqual(overview.lines[1], {
      node: 'b',
      state: 'failed',
      reason: 'There is no such node any more.',
    });
    assert.deepEqual(read, ['a', 'b', 'a', 'c']);
    overview.dispose();
  });

  test('a closed one listens, reads and sends no more', async () => {
    const read: string[] = [];
    const { overview, posted, listeners, changed } = made(held('a', 'b'), {
      async state(node) {
        read.push(node);
        await wait(5);
        return state(node);
      },
    });
    await overview.list();
    overview.begin();
    changed(undefined);
    overview.dispose();
    assert.equal(listeners.length, 0);
    await wait(400);
    assert.deepEqual([posted.length, read.length <= 1], [0, true]);
  });
});
