import assert from 'node:assert/strict';
import type { EdgeRate } from '../../src/core/flow/graph';
import { edge, entry, loadBalancer, node } from '../webview/graphs';
import { panelSuite, type PanelPage } from './page';

suite('live counters in a browser', () => {
  const openPanel = panelSuite({ width: 1600, height: 800 });
  let panel: PanelPage;

  setup(async () => {
    panel = await openPanel('dark');
  });

  test('only where a cluster answers; its rates come and go in place, and why it ended stays', async () => {
    const { page } = panel;
    const button = page.locator('vscode-button', { hasText: 'Live' });
    await panel.show(loadBalancer());
    assert.equal(await button.isVisible(), false);
    await panel.show(loadBalancer(), {}, { live: true });
    await button.click();
    assert.deepEqual((await panel.posted()).at(-1), { type: 'live', on: true });

    const status = page.locator('.live-status');
    await panel.post({ type: 'live', on: true, text: 'Live: reading.' });
    await page.locator('vscode-button[aria-pressed="true"]', { hasText: 'Live' }).waitFor();
    assert.equal(await status.textContent(), 'Live: reading.');

    const id = 'PREROUTING -> KUBE-SERVICES';
    const rates = (perSecond: number) =>
      panel.post({ type: 'live', on: true, text: 'Live.', rates: { [id]: { perSecond } } });
    await rates(12.5);
    await page.locator('.edge-label', { hasText: '12.5/s' }).waitFor();
    // The next ones leave the focus and what is drawn where they are.
    const edge = page.locator(`.edge[data-edge="${id}"]`);
    await edge.focus();
    await rates(0);
    await page.locator('.edge-label', { hasText: '0/s' }).waitFor();
    assert.equal(await page.locator('.edge-label', { hasText: '12.5/s' }).count(), 0);
    assert.equal(
      await page.evaluate('document.activeElement.dataset.edge'),
      id,
      'the focus stays on the edge',
    );
    assert.match((await edge.locator('title').first().textContent())!, /0\/s$/);

    await button.click();
    assert.deepEqual((await panel.posted()).at(-1), { type: 'live', on: false });
    await panel.post({ type: 'live', on: false, text: 'Live ended: Forbidden.' });
    await page.locator('.edge-label', { hasText: '/s' }).waitFor({ state: 'detached' });
    assert.equal(await status.textContent(), 'Live ended: Forbidden.');
    assert.equal(await button.getAttribute('aria-pressed'), 'false');
  });

  test('of IPVS each real server its packets, or where those are not told its connections', async () => {
    const { page } = panel;
    const [virtual, real] = ['10.96.0.10:53', '10.244.0.2:53'];
    const graph = {
      ...loadBalancer(),
      nodes: [
        node('pod', 'entry', { label: 'Pod' }),
        node(virtual, 'virtual-server'),
        node(real, 'endpoint'),
      ],
      edges: [edge('pod', virtual), edge(virtual, real)],
      entries: [entry('pod', 'Pod', [['pod', virtual, real]])],
    };
    await panel.show(graph, {}, { live: true });
    const id = `${virtual} -> ${real}`;
    const told = (rate: EdgeRate) =>
      panel.post({ type: 'live', on: true, text: 'Live.', rates: { [id]: rate } });
    await told({ perSecond: 42 });
    await page.locator('.edge-label', { hasText: '42/s' }).waitFor();
    await told({ connections: 7 });
    await page.locator('.edge-label', { hasText: 'connections: 7' }).waitFor();
    const title = page.locator(`.edge[data-edge="${id}"] title`).first();
    assert.match((await title.textContent())!, /connections: 7$/);
    await told({ reason: 'its counters were reset' });
    await page.locator('.edge-label', { hasText: 'no rate' }).waitFor();
    assert.match((await title.textContent())!, /no rate: its counters were reset$/);
  });
});
