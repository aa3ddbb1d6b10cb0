import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import type { ItemDetails } from '../../src/core/flow/details';
import { hostile, loadBalancer, manyEndpoints } from '../webview/graphs';
import { panelSuite, type PanelPage } from './page';

const evil = '<img src=x onerror="window.hacked=1">](command:workbench.action.quit)';

const details: ItemDetails = {
  rules: [
    {
      place: 'nat KUBE-SERVICES rule 12',
      text: `-A KUBE-SERVICES -m comment --comment "${evil}" -j KUBE-SVC-S6GYCJULEJ2HSKT7`,
      sentence: `A packet jumps to chain KUBE-SVC-S6GYCJULEJ2HSKT7 (${evil}).`,
      counters: 'Counted 1,234 packets, 56,789 bytes.',
    },
  ],
  more: 997,
};

suite('the hover card in a browser', () => {
  const openPanel = panelSuite();
  let panel: PanelPage;
  let page: Page;
  let card: Locator;

  setup(async () => {
    panel = await openPanel('dark');
    page = panel.page;
    card = page.locator('.hover-card');
  });

  const described = async () =>
    (await panel.posted()).flatMap((message) => (message.type === 'describe' ? [message] : []));

  test('the mouse over a node: its words at once, its rules when the host answers', async () => {
    await panel.show(loadBalancer());
    await page.locator('[data-node="KUBE-SERVICES"]').hover();
    await card.getByText('Chain KUBE-SERVICES').waitFor();
    const [asked, ...others] = await described();
    assert.deepEqual(others, []);
    assert.deepEqual(
      { ...asked, request: 0 },
      {
        type: 'describe',
        request: 0,
        kind: 'node',
        ids: ['KUBE-SERVICES'],
      },
    );
    await panel.post({ type: 'details', request: asked!.request, details });
    await card.getByText('nat KUBE-SERVICES rule 12').waitFor();
    await card.getByText('Counted 1,234 packets, 56,789 bytes.').waitFor();
    await card.getByText('and 997 more rules').waitFor();
    await page.screenshot({ path: 'out/screenshots/panel-hover.png' });
  });

  test('an answer for a graph that is gone is not shown', async () => {
    await panel.show(loadBalancer());
    await page.locator('[data-node="KUBE-SERVICES"]').hover();
    await card.waitFor();
    const [asked] = await described();
    await panel.show(loadBalancer());
    await card.waitFor({ state: 'hidden' });
    await panel.post({ type: 'details', request: asked!.request, details });
    await page.locator('[data-node="OUTPUT"]').hover();
    await card.getByText('Hook OUTPUT').waitFor();
    assert.equal(await card.locator('.rule').count(), 0);
  });

  test('it does not cover what it is of, stays under the mouse, and Escape closes it', async () => {
    await panel.show(loadBalancer(), { entry: 'lb' });
    const node = page.locator('[data-node="drop"]');
    await node.hover();
    await card.waitFor();
    const [asked] = await described();
    await panel.post({ type: 'details', request: asked!.request, details });
    await card.locator('.rule').waitFor();
    const over = (await node.boundingBox())!;
    const box = (await card.boundingBox())!;
    assert.ok(
      box.y >= over.y + over.height ||
        box.y + box.height <= over.y ||
        box.x >= over.x + over.width ||
        box.x + box.width <= over.x,
      JSON.stringify({ over, box }),
    );
    await card.hover();
    await page.waitForTimeout(500);
    assert.ok(await card.isVisible(), 'the mouse may enter it');
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'hidden' });
    assert.equal(await page.locator('.side .entry[aria-expanded=true]').count(), 1);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.side .entry[aria-expanded=true]').count(), 0);
  });

  test('the keyboard reaches nodes and edges, which the card then describes', async () => {
    await panel.show(loadBalancer());
    await page.locator('.node').first().focus();
    await page.keyboard.press('ArrowRight');
    await card.getByText('Hook PREROUTING').waitFor();
    const focused = (name: string) => page.evaluate(`document.activeElement.${name}`);
    assert.equal(await focused('getAttribute("aria-describedby")'), 'hover-card');
    assert.equal(await card.getAttribute('role'), 'tooltip');
    await page.keyboard.press('Shift+ArrowRight');
    await card.getByText('PREROUTING \u2192 KUBE-SERVICES').waitFor();
    assert.equal(await focused('dataset.edge'), 'PREROUTING -> KUBE-SERVICES');
    assert.equal(
      await focused('querySelector("title").textContent'),
      'PREROUTING \u2192 KUBE-SERVICES, 100 % of the traffic that enters',
    );
    await page.keyboard.press('Enter');
    assert.deepEqual((await panel.posted()).at(-1), {
      type: 'reveal',
      item: { kind: 'edge', id: 'PREROUTING -> KUBE-SERVICES' },
      how: 'open',
    });
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused('dataset.node'), 'KUBE-SERVICES');
  });

  test('a hostile comment is text there as well', async () => {
    await panel.show(hostile());
    await page.locator('[data-node="reject"]').hover();
    await card.waitFor();
    const [asked] = await described();
    await panel.post({ type: 'details', request: asked!.request, details });
    await card.locator('code').waitFor();
    assert.match((await card.locator('code').textContent())!, /<img src=x onerror=/);
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.evaluate('window.hacked'), undefined);
  });

  test('of a group and its edge, the host is asked for their members', async () => {
    await panel.show(manyEndpoints(1000));
    await page.locator('.node.group').hover();
    await card.getByText('Group of endpoints 1,000 endpoints').waitFor();
    await page.locator('.node.group').focus();
    await page.keyboard.press('Shift+ArrowRight');
    await card.getByText('1,000 endpoints \u2192 Source kept').waitFor();
    const [group, edge] = (await described()).filter(({ ids }) => ids.length > 1);
    assert.equal(group!.ids.length, 1000);
    assert.deepEqual(edge!.ids.slice(0, 1), ['10.244.0.0:8080 -> kept']);
    assert.equal(edge!.ids.length, 1000);
  });

  test('high contrast: the card has a border and the theme\u2019s own colours', async () => {
    await page.close();
    panel = await openPanel('high contrast');
    page = panel.page;
    await panel.show(loadBalancer());
    await page.locator('[data-node="KUBE-SERVICES"]').hover();
    card = page.locator('.hover-card');
    await card.waitFor();
    const style = (name: string) =>
      page.evaluate(`getComputedStyle(document.querySelector('.hover-card')).${name}`);
    assert.equal(await style('borderTopWidth'), '1px');
    assert.notEqual(await style('borderTopColor'), await style('backgroundColor'));
    assert.notEqual(await style('color'), await style('backgroundColor'));
    await page.screenshot({ path: 'out/screenshots/panel-hover-high-contrast.png' });
  });
});
