import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import type { OverviewLine } from '../../src/core/flow/overview/line';
import { allNodes, type PanelState } from '../../src/flow/protocol';
import { loadBalancer } from '../webview/graphs';
import { overviewLine } from '../webview/overviewLines';
import { seriousFindings } from './accessibility';
import { panelSuite, type PanelPage } from './page';
import { themes, type ThemeName } from './themes';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const faulty = overviewLine('node-c', {
  programmed: 3,
  missing: ['10.244.1.5:8080'],
  ends: ['Outside, NodePort: dropped, no local endpoints'],
});

suite('the table of all nodes in a browser', () => {
  const openPanel = panelSuite();
  let panel: PanelPage;

  async function open(
    lines: readonly OverviewLine[],
    more: { canFetch?: boolean; state?: Partial<PanelState>; theme?: ThemeName } = {},
  ): Promise<Page> {
    panel = await openPanel(more.theme ?? 'dark');
    await panel.post({
      type: 'overview',
      lines,
      services: [{ id: 'default/whoami/TCP', label: 'default/whoami' }],
      nodes: [
        { id: allNodes, label: 'All nodes' },
        ...lines.map(({ node: id }) => ({ id, label: id })),
      ],
      canFetch: more.canFetch ?? false,
      state: {
        uri: 'file:///a',
        service: 'default/whoami/TCP',
        pinned: false,
        overview: true,
        ...more.state,
      },
    });
    await panel.page.locator('.overview tbody tr').first().waitFor();
    return panel.page;
  }

  const names = (page: Page) => page.locator('tbody th button').allTextContents();
  const last = async () => (await panel.posted()).at(-1);

  for (const theme of Object.keys(themes) as ThemeName[]) {
    test(`${theme}: axe finds nothing serious`, async () => {
      const lines: OverviewLine[] = [
        overviewLine('node-a'),
        overviewLine('node-b'),
        faulty,
        { node: 'node-d', state: 'not-fetched' },
        { node: 'node-e', state: 'failed', reason: 'The server did not answer.' },
        overviewLine('node-f', { unknown: 'no EndpointSlices beside the dumps' }),
      ];
      const page = await open(lines, { canFetch: true, theme });
      await page.evaluate(axe);
      const found = await page.evaluate(`axe.run(document, { resultTypes: ['violations'] })
        .then(({ violations }) => violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 200))))`);
      assert.deepEqual(found, []);
      await page.screenshot({ path: `out/screenshots/overview-${theme.replace(' ', '-')}.png` });
    });
  }

  test('a summary, and in words what differs', async () => {
    const page = await open([overviewLine('node-a'), overviewLine('node-b'), faulty]);
    assert.equal(
      await page.locator('h1').textContent(),
      'default/whoami: 3 nodes: 2 program all 4 endpoints, node-c misses 10.244.1.5:8080, ' +
        'node-c drops or refuses packets',
    );
    const row = page.locator('tr[data-node=node-c]');
    const differs = 'differs: endpoints, missing, dropped or refused';
    assert.equal(await row.locator('.differs').textContent(), differs);
    assert.deepEqual(await row.locator('td').allTextContents(), [
      'iptables (nft)',
      '3 of 4',
      '10.244.1.5:8080',
      'none',
      'Outside, NodePort: dropped, no local endpoints',
      'none', // findings
      '2026-11-21 10:00:00 UTC',
    ]);
    assert.equal(await page.locator('tr[data-node=node-a] .differs').isVisible(), false);
  });

  test("a node's name leads to its graph, by the keyboard too, and a button back", async () => {
    const page = await open([overviewLine('node-a'), faulty]);
    await page.locator('.overview .scroll').focus();
    // One head is folded away: nothing is stale.
    for (let i = 0; i < 7; i++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.deepEqual(await last(), { type: 'overview', action: 'open', node: 'node-a' });
    await panel.post({
      type: 'graph',
      heat: false,
      graph: loadBalancer(),
      services: [{ id: 'default/whoami/TCP', label: 'default/whoami' }],
      nodes: [
        { id: allNodes, label: 'All nodes' },
        { id: 'file:///a', label: 'node-a' },
      ],
      state: {
        uri: 'file:///a',
        service: 'default/whoami/TCP',
        node: 'file:///a',
        pinned: false,
      },
    });
    await page.locator('.node').first().waitFor();
    assert.equal(await page.locator('.overview').isVisible(), false);
    await page.locator('vscode-button', { hasText: 'All Nodes' }).click();
    assert.deepEqual(await last(), { type: 'choose', what: 'node', id: allNodes });
  });

  test('sorts by a column, and keeps that over a reload', async () => {
    const lines = [
      faulty,
      overviewLine('node-b', { missing: ['1', '2'] }),
      overviewLine('node-a'),
      { node: 'node-d', state: 'not-fetched' } as const,
    ];
    const page = await open(lines);
    assert.deepEqual(await names(page), ['node-a', 'node-b', 'node-c', 'node-d']);
    const head = page.locator('thead th', { hasText: 'Missing' });
    await head.locator('button').click();
    assert.deepEqual(await names(page), ['node-b', 'node-c', 'node-a', 'node-d']);
    assert.equal(await head.getAttribute('aria-sort'), 'descending');
    assert.equal(await page.locator('th[aria-sort]').count(), 1);
    await head.locator('button').click();
    assert.deepEqual(await names(page), ['node-a', 'node-c', 'node-b', 'node-d']);
    const state = (await page.evaluate('globalThis.state')) as PanelState;
    assert.deepEqual(state.sort, { column: 'missing', descending: false });
  });

  test('rows come one after the other, with progress and cancel', async () => {
    const waiting = ['node-a', 'node-b'].map((node): OverviewLine => ({ node, state: 'waiting' }));
    const page = await open(waiting);
    await panel.post({
      type: 'overview-rows',
      lines: [overviewLine('node-a')],
      progress: { what: 'read', done: 1, of: 2 },
    });
    await page.getByText('Reading: 1 of 2 nodes').waitFor();
    assert.match((await page.locator('h1').textContent())!, /1 still to be read/);
    await page.locator('.bar button', { hasText: 'Cancel' }).click();
    assert.deepEqual(await last(), { type: 'overview', action: 'stop' });
    await panel.post({ type: 'overview-rows', lines: [] });
    await page.locator('.bar button', { hasText: 'Continue' }).click();
    assert.deepEqual(await last(), { type: 'overview', action: 'resume' });
    await panel.post({ type: 'overview-rows', lines: [overviewLine('node-b')] });
    await page.locator('.overview [role=status]', { hasText: 'all program all 4' }).waitFor({
      state: 'attached',
    });
    assert.equal(await page.locator('.bar button').count(), 0);
  });

  test('an update leaves the focus where it is', async () => {
    const page = await open([overviewLine('node-a'), overviewLine('node-b')]);
    await page.locator('tr[data-node=node-b] button').focus();
    await panel.post({
      type: 'overview-rows',
      lines: [overviewLine('node-b', { missing: ['x'] })],
    });
    await page.locator('tr[data-node=node-b].faulty').waitFor();
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'node-b');
  });

  test('what is not fetched can be fetched, one node or all', async () => {
    const page = await open([{ node: 'node-a', state: 'not-fetched' }], { canFetch: true });
    await page.locator('tr[data-node=node-a] td button').click();
    assert.deepEqual(await last(), { type: 'overview', action: 'fetch', node: 'node-a' });
    await page.locator('.bar button', { hasText: 'Fetch All' }).click();
    assert.deepEqual(await last(), { type: 'overview', action: 'fetch', node: undefined });
  });

  test('"Fetch All": nothing changes before it is agreed to, then progress and cancel', async () => {
    const lines = Array.from({ length: 60 }, (_, i): OverviewLine => {
      return { node: `node-${i}`, state: 'not-fetched' };
    });
    const page = await open(lines, { canFetch: true });
    const all = page.locator('.bar button', { hasText: /^Fetch All$/ });
    await all.click();
    // The question is asked by VS Code; until it is answered, and after a no, the page stays.
    assert.deepEqual(await last(), { type: 'overview', action: 'fetch', node: undefined });
    assert.ok(await all.isVisible());
    assert.equal(await page.locator('.bar progress').count(), 0);
    await panel.post({
      type: 'overview-rows',
      lines: [
        { node: 'node-0', state: 'failed', reason: 'Forbidden' },
        { node: 'node-1', state: 'fetching' },
      ],
      progress: { what: 'fetch', done: 1, of: 60 },
    });
    await page.getByText('Fetching: 1 of 60 nodes').waitFor();
    assert.equal(await all.count(), 0);
    await page.locator('tr[data-node=node-0]', { hasText: 'Forbidden' }).waitFor();
    await page.locator('.bar button', { hasText: 'Cancel' }).click();
    assert.deepEqual(await last(), { type: 'overview', action: 'stop' });
    await panel.post({
      type: 'overview-rows',
      lines: [{ node: 'node-1', state: 'not-fetched' }],
    });
    await all.waitFor();
  });

  test('a hostile node name and reason stay text', async () => {
    const bad = '<img src=x onerror=document.body.remove()>';
    const page = await open([
      { node: bad, state: 'failed', reason: bad },
      overviewLine('b', { ends: [bad] }),
    ]);
    assert.equal(await page.locator('img').count(), 0);
    assert.ok((await page.locator('tbody').textContent())!.includes(bad));
  });

  test('1,000 nodes: all rows are there, sorted, and the last leads to its graph', async () => {
    const lines = Array.from({ length: 1000 }, (_, i) => overviewLine(`node-${i}`));
    const page = await open(lines);
    assert.equal(await page.locator('tbody tr').count(), 1000);
    await page.locator('thead button', { hasText: 'Node' }).click();
    assert.equal((await names(page))[0], 'node-999');
    await page.locator('tbody th button').last().click();
    assert.deepEqual(await last(), { type: 'overview', action: 'open', node: 'node-0' });
  });

  test('wide: columns that say none of every node are folded away, names in one line', async () => {
    const page = await open([overviewLine('node-a'), overviewLine('node-b'), faulty]);
    const heads = page.locator('thead th:visible');
    assert.deepEqual(await heads.allTextContents(), [
      'Node',
      'Mode',
      'Endpoints',
      'Missing',
      'Dropped or refused',
      'Captured',
    ]);
    for (const name of await page.locator('tbody th .link').all()) {
      assert.ok((await name.boundingBox())!.height < 25, 'in one line');
    }
  });

  test('how many findings each node has; sorted by them, those with most come first', async () => {
    const page = await open([
      overviewLine('node-a'),
      overviewLine('node-b', { findings: 2 }),
      overviewLine('node-c', { findings: 11 }),
    ]);
    const column = page.locator('tbody td[data-column=findings]');
    assert.deepEqual(await column.allTextContents(), ['none', '2', '11']);
    await page.locator('th[data-column=findings] button').click();
    assert.deepEqual(await column.allTextContents(), ['11', '2', 'none']);
  });

  test('460 px: a card for each node, deviations alone below its name', async () => {
    const page = await open([overviewLine('node-a'), faulty]);
    await page.setViewportSize({ width: 460, height: 700 });
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
    const cells = (node: string) => page.locator(`tr[data-node=${node}] td:visible`);
    assert.deepEqual(await cells('node-a').allTextContents(), [
      'iptables (nft)',
      '4 of 4',
      '2026-11-21 10:00:00 UTC',
    ]);
    assert.ok((await cells('node-c').allTextContents()).includes('10.244.1.5:8080'));
    const top = async (what: string) =>
      (await page.locator(`tr[data-node=node-c] ${what}`).boundingBox())!.y;
    assert.ok(
      Math.abs((await top('.link')) - (await top('[data-column=mode]'))) < 6,
      'in one line',
    );
    assert.ok((await top('[data-column=missing]')) > (await top('.link')) + 10, 'below');
    assert.deepEqual(await seriousFindings(page), []);
    await page.screenshot({ path: 'out/screenshots/overview-460.png' });
  });

  test('the narrowest column of VS Code: the toolbar is there whole', async () => {
    const page = await open([overviewLine('node-a'), faulty]);
    await page.setViewportSize({ width: 240, height: 640 });
    for (const button of await page.locator('.toolbar vscode-button:visible').all()) {
      const { x, width } = (await button.boundingBox())!;
      assert.ok(x + width <= 240, `${x + width}`);
    }
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
  });

  test('200 % zoom and a narrow panel: the table scrolls in itself', async () => {
    const page = await open([overviewLine('node-a'), faulty]);
    await page.setViewportSize({ width: 320, height: 640 });
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
  });
});
