import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { hostile, loadBalancer, manyEndpoints } from '../webview/graphs';
import { panelSuite, type PanelPage } from './page';
import { themes, type ThemeName } from './themes';
import { seriousFindings } from './accessibility';
import { isOnTop } from '../inPage.js';

suite('the panel\u2019s page in a browser', () => {
  const openPanel = panelSuite();
  let panel: PanelPage;

  async function open(theme: ThemeName = 'dark'): Promise<Page> {
    panel = await openPanel(theme);
    return panel.page;
  }

  for (const theme of Object.keys(themes) as ThemeName[]) {
    test(`${theme}: axe finds nothing serious, with an entry selected and without`, async () => {
      const page = await open(theme);
      await panel.show(loadBalancer());
      assert.deepEqual(await seriousFindings(page), []);
      await panel.show(loadBalancer(), { entry: 'lb' });
      assert.deepEqual(await seriousFindings(page), []);
      await page.screenshot({ path: `out/screenshots/panel-${theme.replace(' ', '-')}.png` });
    });
  }

  test('a hostile comment is text: no element, no script', async () => {
    const page = await open();
    await panel.show(hostile());
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.evaluate('window.hacked'), undefined);
    assert.match((await page.locator('h1').textContent()) ?? '', /<img src=x onerror=/);
    assert.match((await page.locator('.assumed li').textContent()) ?? '', /<img src=x onerror=/);
    assert.equal(await page.locator('.edge.unknown').count(), 2);
  });

  test('findings above the graph: the worst first, each lights its node and leads to its place', async () => {
    const page = await open();
    await panel.show(loadBalancer());
    const list = page.locator('.findings');
    assert.ok(await list.isHidden());
    const [first] = loadBalancer().nodes;
    const finding = (severity: 'error' | 'warning', message: string) => ({
      severity,
      code: 'no-local-endpoint',
      message,
      nodes: [first!.id],
      edges: [],
    });
    await panel.post({
      type: 'findings',
      findings: [
        finding('error', 'one <img src=x>'),
        ...['two', 'three', 'four', 'five'].map((text) => finding('warning', text)),
      ],
    });
    const rows = list.locator('li button');
    await rows.first().waitFor();
    assert.deepEqual(await rows.allTextContents(), ['one <img src=x>', 'two', 'three']);
    assert.equal(await rows.first().getAttribute('aria-label'), 'Error: one <img src=x>');
    assert.deepEqual(await seriousFindings(page), []);
    await list.locator('.rest').click();
    assert.equal(await rows.count(), 5);
    assert.equal(await list.locator('.rest').isVisible(), false);
    assert.equal(await rows.nth(3).textContent(), await page.locator(':focus').textContent());
    await rows.nth(1).click();
    assert.deepEqual((await panel.posted()).at(-1), {
      type: 'reveal',
      item: { kind: 'finding', at: 1 },
      how: 'open',
    });
    assert.ok((await page.locator('.node.lit').count()) > 0);
    await panel.show(loadBalancer(), { service: 'b' });
    assert.ok(await list.isHidden(), 'those of another Service are gone');
  });

  test('1,000 endpoints: a group, opened by a click, with a minimap', async () => {
    const page = await open();
    await panel.show(manyEndpoints(1000));
    assert.equal(await page.locator('.node.group').count(), 1);
    assert.equal(await page.locator('.minimap').count(), 0);
    await page.locator('.node.group').click();
    assert.equal(await page.locator('.cell').count(), 1000);
    await page.locator('.minimap').waitFor();
    await page.locator('.cell').first().click();
    const posted = await panel.posted();
    assert.deepEqual(posted.at(-1), {
      type: 'reveal',
      item: { kind: 'node', id: '10.244.0.0:8080' },
      how: 'open',
    });
  });

  test('the chooser of another Service\u2019s ports offers and says those', async () => {
    const page = await open();
    const graph = loadBalancer();
    const services = [
      { id: 'x', label: 'x' },
      { id: 'y', label: 'y' },
    ];
    await panel.show(graph);
    await panel.show(graph, { service: 'y' }, { services });
    const dropdown = page.locator('#choose-service-port');
    assert.equal(await dropdown.evaluate((element) => Reflect.get(element, 'value')), 'y');
    await dropdown.click();
    await dropdown.locator('vscode-option', { hasText: 'x' }).click();
    const chosen = { type: 'choose', what: 'service', id: 'x' } as const;
    assert.deepEqual((await panel.posted()).at(-1), chosen);
  });

  test('keyboard: arrows walk the nodes, Enter reveals', async () => {
    const page = await open();
    await panel.show(loadBalancer());
    await page.locator('.node').first().focus();
    await page.keyboard.press('ArrowRight');
    const id = await page.evaluate('document.activeElement.dataset.node');
    assert.equal(id, 'PREROUTING');
    await page.keyboard.press('Enter');
    const reveals = (await panel.posted()).filter(({ type }) => type === 'reveal');
    assert.deepEqual(reveals, [
      { type: 'reveal', item: { kind: 'node', id: 'PREROUTING' }, how: 'open' },
    ]);
  });

  test('keyboard: arrows walk the steps and light up their nodes, Enter reveals', async () => {
    const page = await open();
    await panel.show(loadBalancer(), { entry: 'lb' });
    await page.locator('.side .entry[aria-expanded=true]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.locator('.node.lit').getAttribute('data-node'), 'PREROUTING');
    const chosen = page.locator('#choose-entry');
    assert.equal(await chosen.evaluate((dropdown) => Reflect.get(dropdown, 'value')), 'lb');
    await page.keyboard.press('Enter');
    assert.deepEqual((await panel.posted()).at(-1), {
      type: 'reveal',
      item: { kind: 'step', entry: 'lb', step: 1 },
      how: 'open',
    });
  });

  test('an update keeps the place and flashes what changed', async () => {
    const page = await open();
    const graph = loadBalancer();
    await panel.show(graph);
    await page.locator('vscode-button[aria-label="Zoom in"]').click();
    const before = await page.locator('.scene').getAttribute('transform');
    const edges = graph.edges.map((edge) =>
      edge.to === '10.244.1.5:8080' ? { ...edge, share: 0.5, label: '50 %' } : edge,
    );
    await panel.show({ ...graph, edges });
    await page.locator('.edge.changed').waitFor();
    assert.equal(await page.locator('.edge.changed').count(), 1);
    assert.equal(await page.locator('.scene').getAttribute('transform'), before);
  });

  test('the exported SVG stands alone: colours in it, nothing from outside', async () => {
    const page = await open();
    await panel.show(loadBalancer());
    await panel.post({ type: 'render', request: 1, format: 'svg' });
    await page.waitForFunction('posted.some(({ type }) => type === "rendered")');
    const rendered = (await panel.posted()).find((message) => message.type === 'rendered');
    const data = rendered?.data ?? '';
    assert.match(data, /^<svg /);
    assert.ok(data.includes('33.3 %') && data.includes('KUBE-SVC-S6GYCJULEJ2HSKT7'));
    assert.ok(!/var\(|href=|<script|class=/.test(data));
    const alone = await page.context().newPage();
    await alone.setContent(data);
    assert.ok((await alone.locator('text').count()) > 30);
    await alone.close();
  });

  test('the exported PNG is a picture', async () => {
    const page = await open();
    await panel.show(loadBalancer());
    await panel.post({ type: 'render', request: 2, format: 'png' });
    await page.waitForFunction('posted.some(({ type }) => type === "rendered")');
    const rendered = (await panel.posted()).find((message) => message.type === 'rendered');
    const bytes = Buffer.from(rendered?.data ?? '', 'base64');
    assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
    assert.ok(bytes.length > 20_000, String(bytes.length));
  });

  test('a problem says what to do next, and its button is passed on', async () => {
    const page = await open();
    await panel.post({
      type: 'problem',
      title: 'The dump has no Service port x',
      detail: 'Choose another.',
      actions: [{ id: 'choose', label: 'Choose a Service' }],
    });
    await page.locator('vscode-button', { hasText: 'Choose a Service' }).click();
    assert.deepEqual((await panel.posted()).at(-1), { type: 'action', id: 'choose' });
    assert.deepEqual(await seriousFindings(page), []);
  });

  test('the button that fetches again: busy, then the graph, or why there is still none', async () => {
    const page = await open();
    const absent = (detail: string) =>
      panel.post({
        type: 'problem',
        title: 'The dump has no Service port x',
        detail,
        actions: [
          { id: 'fetch', label: 'Fetch the Dumps Again' },
          { id: 'choose', label: 'Choose a Service' },
        ],
      });
    await absent('It is newer than the capture.');
    const again = page.locator('vscode-button', { hasText: 'Fetch the Dumps Again' });
    await again.focus();
    await page.keyboard.press('Enter');
    assert.deepEqual((await panel.posted()).at(-1), { type: 'action', id: 'fetch' });
    await panel.post({ type: 'busy', text: 'Fetching the dumps again\u2026' });
    await page.locator('.busy[role=status]', { hasText: 'Fetching the dumps again' }).waitFor();
    // It can't be pressed a second time while it runs.
    assert.equal(await again.count(), 0);
    await absent('No rule of it is there yet.');
    await page.locator('.problem', { hasText: 'No rule of it is there yet.' }).waitFor();
    await again.click();
    await panel.show(loadBalancer());
    await page.locator('.problem').waitFor({ state: 'hidden' });
    assert.ok(await page.locator('.node.endpoint').first().isVisible());
  });

  for (const [name, width, height] of [
    ['200 % zoom', 640, 360],
    ['a narrow panel', 320, 640],
  ] as const) {
    test(`${name}: nothing is cut off sideways, all controls are in reach`, async () => {
      const page = await open('light');
      await page.setViewportSize({ width, height });
      await panel.show(loadBalancer(), { entry: 'lb' });
      assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
      await page.screenshot({ path: `out/screenshots/panel-${width}.png` });
      const controls = page.locator(
        'vscode-button:visible, vscode-dropdown:visible, .entry, .step >> nth=-1',
      );
      for (const control of await controls.all()) {
        await control.scrollIntoViewIfNeeded();
        assert.ok(await control.evaluate(isOnTop), await control.innerText());
      }
      const picture = await page.locator('.picture').boundingBox();
      assert.ok(picture && picture.height >= 100, JSON.stringify(picture));
    });
  }

  test('Fit: all of the graph, also when the panel changes its size', async () => {
    const page = await open();
    await panel.show(loadBalancer());
    await page.locator('vscode-button', { hasText: 'Fit' }).click();
    await page.setViewportSize({ width: 800, height: 500 });
    // The zoom may stand behind the toolbar's other actions.
    await page.locator('.scale', { hasNotText: /^(6|7|8|9|10)\d/ }).waitFor({ state: 'attached' });
    const picture = (await page.locator('.picture').boundingBox())!;
    const scene = (await page.locator('.scene').boundingBox())!;
    assert.ok(scene.x >= picture.x && scene.width <= picture.width, JSON.stringify(scene));
    assert.ok(scene.y >= picture.y && scene.height <= picture.height, JSON.stringify(scene));
  });

  for (const reducedMotion of ['no-preference', 'reduce'] as const) {
    test(`motion: ${reducedMotion}`, async () => {
      const page = await open();
      await page.emulateMedia({ reducedMotion });
      const graph = loadBalancer();
      await panel.show(graph);
      const nodes = graph.nodes.map((node) => ({ ...node, detail: 'changed' }));
      await panel.show({ ...graph, nodes });
      await page.locator('.node.changed').first().waitFor();
      const moving = await page.evaluate<number>('document.getAnimations().length');
      assert.equal(moving > 0, reducedMotion === 'no-preference');
    });
  }

  test('a narrow panel: an endpoint, at a size that can be read, and nothing cut off sideways', async () => {
    const page = await open('light');
    await page.setViewportSize({ width: 300, height: 640 });
    await panel.show(loadBalancer());
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
    const scale = Number.parseInt((await page.locator('.scale').textContent())!, 10);
    assert.ok(scale >= 60, `${scale} %`);
    const picture = (await page.locator('.picture').boundingBox())!;
    const endpoint = (await page.locator('.node.endpoint').first().boundingBox())!;
    assert.ok(picture.height > 150, `${picture.height}`);
    assert.ok(endpoint.x >= picture.x && endpoint.x + endpoint.width <= picture.width);
    const bottom = picture.y + picture.height;
    assert.ok(endpoint.y >= picture.y && endpoint.y + endpoint.height <= bottom);
    await page.locator('.side .entry').first().scrollIntoViewIfNeeded();
    await page.screenshot({ path: 'out/screenshots/panel-narrow.png' });
  });

  test('200 % zoom: the page scrolls, the picture and the list have their room', async () => {
    const page = await open();
    // A window of 1280 by 720.
    await page.setViewportSize({ width: 640, height: 360 });
    await panel.show(loadBalancer(), { entry: 'lb' });
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
    const picture = (await page.locator('.picture').boundingBox())!;
    assert.ok(picture.height >= 260, `${picture.height}`);
    const last = page.locator('.side .step').last();
    await last.scrollIntoViewIfNeeded();
    const box = (await last.boundingBox())!;
    assert.ok(box.y >= 0 && box.y + box.height <= 360, JSON.stringify(box));
    await page.screenshot({ path: 'out/screenshots/panel-200-percent.png' });
    assert.deepEqual(await seriousFindings(page), []);
  });

  test('a message that is not understood is reported, not obeyed', async () => {
    const page = await open();
    await page.evaluate(`window.postMessage({ type: 'graph', graph: 7 }, '*')`);
    await page.waitForFunction('posted.some(({ type }) => type === "failed")');
  });
});
