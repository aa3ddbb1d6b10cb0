import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { FlowGraph } from '../../src/core/flow/graph';
import { loadBalancer, manyEndpoints } from '../webview/graphs';
import { seriousFindings } from './accessibility';
import { panelSuite, type PanelPage } from './page';

/** The panel's widths: beside an editor on a small screen, on a large one, and alone. */
const widths = [460, 700, 1200] as const;

const graphs: readonly (readonly [string, () => FlowGraph])[] = [
  ['3 endpoints', loadBalancer],
  ['12 endpoints', () => manyEndpoints(12)],
  ['50 endpoints', () => manyEndpoints(50)],
  ['1,000 endpoints', () => manyEndpoints(1000)],
];

/** In the page: texts that stand out of their box, or have lost a part, as `node: text`. */
const cutTexts = `[...document.querySelectorAll('.node')].flatMap((node) => {
  const card = node.querySelector('.card').getBoundingClientRect();
  return [...node.querySelectorAll('text')].flatMap((text) => {
    const box = text.getBoundingClientRect();
    const out = box.left < card.left - 1 || box.right > card.right + 1 || box.bottom > card.bottom + 1;
    const cut = text.textContent.includes('\\u2026');
    return out || cut ? [node.dataset.node + ': ' + text.textContent] : [];
  });
})`;

/** In the page: how many endpoints, or groups of them, are seen as a whole. */
const endpointsInView = `(() => {
  const picture = document.querySelector('.picture').getBoundingClientRect();
  return [...document.querySelectorAll('.node.endpoint, .node.group')].filter((node) => {
    const box = node.getBoundingClientRect();
    return box.left >= picture.left && box.right <= picture.right + 1 &&
      box.top >= picture.top && box.bottom <= picture.bottom + 1;
  }).length;
})()`;

/** In the page: how large a cell of an opened group is drawn, 1 for its own size, and how many are seen. */
const cellSizes = `(() => {
  const picture = document.querySelector('.picture').getBoundingClientRect();
  const cells = [...document.querySelectorAll('.cell')];
  const seen = cells.filter((cell) => {
    const box = cell.getBoundingClientRect();
    return box.left >= picture.left && box.right <= picture.right + 1 &&
      box.top >= picture.top && box.bottom <= picture.bottom + 1;
  }).length;
  const card = cells[0].querySelector('.card');
  return { drawn: card.getBoundingClientRect().height / card.getBBox().height, seen };
})()`;

suite('the panel at the widths that people have', () => {
  const openPanel = panelSuite();
  let panel: PanelPage;

  async function open(width: number, graph: FlowGraph, height = 820): Promise<Page> {
    panel = await openPanel('dark');
    await panel.page.setViewportSize({ width, height });
    await panel.show(graph);
    return panel.page;
  }

  for (const width of widths) {
    for (const [name, graph] of graphs) {
      test(`${width} px, ${name}: a first look can be read, and shows an endpoint`, async () => {
        const page = await open(width, graph());
        const scale = Number.parseInt((await page.locator('.scale').textContent()) ?? '', 10);
        assert.ok(scale >= 60, `${scale} %`);
        assert.ok((await page.evaluate<number>(endpointsInView)) > 0, 'an endpoint in view');
        assert.deepEqual(await page.evaluate(cutTexts), []);
        assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
        const toolbar = (await page.locator('.toolbar').boundingBox())!;
        assert.ok(toolbar.height <= 40, `one row: ${toolbar.height}`);
        await page.screenshot({
          path: `out/screenshots/width-${width}-${name.replace(/\W+/g, '-')}.png`,
        });
      });
    }

    test(`${width} px: axe finds nothing serious, with the menu open, too`, async () => {
      const page = await open(width, loadBalancer());
      if (await page.locator('.more').isVisible()) await page.locator('.more').click();
      assert.deepEqual(await seriousFindings(page), []);
    });
  }

  test('460 px: chains are one node, which opens to all of them and folds again', async () => {
    const page = await open(460, loadBalancer());
    assert.equal(
      await page.locator('.node.chain, .node.hook').count(),
      1,
      'KUBE-POSTROUTING alone',
    );
    await page.locator('.node.chains').click();
    assert.equal(await page.locator('.node.chain, .node.hook').count(), 8);
    assert.deepEqual(await page.evaluate(cutTexts), []);
    await page.locator('.more').click();
    await page.locator('vscode-button', { hasText: 'Fold Chains' }).click();
    await page.locator('.node.chains').waitFor();
  });

  for (const [width, least] of [
    [460, 0.8],
    [700, 0.8],
    [1200, 0.6],
  ] as const) {
    test(`${width} px: an opened group of 1,000 endpoints can be read, and its first cells are seen`, async () => {
      const page = await open(width, manyEndpoints(1000));
      await page.locator('.node.group').first().click();
      await page.locator('.cell').first().waitFor();
      const { drawn, seen } = await page.evaluate<{ drawn: number; seen: number }>(cellSizes);
      assert.ok(drawn >= least, `cells are drawn at ${drawn}`);
      assert.ok(seen >= 4, `${seen} cells are seen as a whole`);
    });
  }

  test('a panel that becomes narrow turns its graph, and back', async () => {
    const page = await open(1200, loadBalancer());
    const rows = () =>
      page.evaluate<number>(
        `new Set([...document.querySelectorAll('.node.entry')].map((n) => n.getBoundingClientRect().left)).size`,
      );
    assert.equal(await rows(), 1, 'who asks stands in a column');
    await page.setViewportSize({ width: 460, height: 820 });
    await page.locator('.node.chains').waitFor();
    assert.ok((await rows()) > 1, 'who asks stands in rows');
    await page.setViewportSize({ width: 1200, height: 820 });
    await page.locator('.node.chains').waitFor({ state: 'detached' });
    assert.equal(await rows(), 1);
  });

  test('the verdict comes first, and each entry begins with its outcome', async () => {
    const page = await open(700, loadBalancer());
    const verdict = page.locator('h1 .verdict');
    assert.equal(
      await verdict.textContent(),
      'Works for pods, the node and outside clients; times out from sources that its ranges do not allow',
    );
    const sizeOf = (which: string) =>
      page.evaluate<number>(
        `Number.parseFloat(getComputedStyle(document.querySelector('${which}')).fontSize)`,
      );
    assert.ok((await sizeOf('h1 .verdict')) > (await sizeOf('h1 .facts')));
    assert.equal(
      await page.locator('h1 .facts').textContent(),
      '10.96.0.44:443/TCP \u00b7 shop/checkout:https \u00b7 iptables mode \u00b7 node-a \u00b7 captured Nov 21, 13:42, node time',
    );
    const entry = (label: string) => page.locator('.side .entry', { hasText: label });
    assert.match(
      (await entry('Pod on this node').textContent()) ?? '',
      /^delivered 3 \u00d7 33\.3 %/,
    );
    const refused = (await entry('Load balancer, refused').textContent()) ?? '';
    assert.match(refused, /^silence.*by filter KUBE-PROXY-FIREWALL rule 1/);
  });

  test('a hover card goes when the panel shrinks', async () => {
    const page = await open(1200, loadBalancer());
    await page.locator('.node.endpoint').first().hover();
    await page.locator('.hover-card:visible').waitFor();
    await page.setViewportSize({ width: 900, height: 820 });
    await page.locator('.hover-card').waitFor({ state: 'hidden' });
  });
});
