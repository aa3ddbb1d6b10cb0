import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { FlowGraph } from '../../src/core/flow/graph';
import { loadBalancer, manyEndpoints } from '../webview/graphs';
import { panelSuite, type PanelPage } from './page';
import type { ThemeName } from './themes';

const packets: Readonly<Record<string, number>> = {
  'PREROUTING -> KUBE-SERVICES': 123_456,
  'KUBE-SVC-S6GYCJULEJ2HSKT7 -> 10.244.1.5:8080': 1234,
  'KUBE-SVC-S6GYCJULEJ2HSKT7 -> 10.244.1.6:8080': 0,
};

/** Two edges that counted, one that counted nothing, all others without a rule of their own. */
function counted(graph: FlowGraph): FlowGraph {
  return {
    ...graph,
    counters: 'counted',
    edges: graph.edges.map((edge) => {
      const count = packets[edge.id];
      const shared = edge.from === 'PREROUTING';
      const counters = { packets: count ?? 0, bytes: 60, unit: 'connections' as const, shared };
      return count === undefined ? edge : { ...edge, counters };
    }),
  };
}

suite('counter heat in a browser', () => {
  const openPanel = panelSuite({ width: 1600, height: 800 });
  let panel: PanelPage;

  async function open(theme: ThemeName = 'dark'): Promise<Page> {
    panel = await openPanel(theme);
    return panel.page;
  }

  for (const theme of ['dark', 'light', 'high contrast'] as const) {
    test(`${theme}: the button writes the counters at the edges and says what they mean`, async () => {
      const page = await open(theme);
      await panel.show(counted(loadBalancer()));
      assert.equal(await page.locator('.legend').isVisible(), false);
      assert.equal(await page.locator('.edge-label', { hasText: 'connections' }).count(), 0);
      const button = page.locator('vscode-button', { hasText: 'Counters' });
      await button.click();
      assert.equal(await button.getAttribute('aria-pressed'), 'true');
      await page.locator('.edge-label', { hasText: '33.3 %  1,234 new connections' }).waitFor();
      await page.locator('.edge-label', { hasText: '33.3 %  0 new connections' }).waitFor();
      await page.locator('.edge-label', { hasText: '123,456 new connections in all' }).waitFor();
      assert.match((await page.locator('.legend').textContent())!, /log scale/);
      const stroke = (id: string) =>
        page.evaluate(
          `(() => { const { stroke, strokeOpacity } = getComputedStyle(document.querySelector('[data-edge="${id}"] .ribbon')); return stroke + ' ' + strokeOpacity; })()`,
        );
      const strokes = await Promise.all([...Object.keys(packets), 'pod -> PREROUTING'].map(stroke));
      assert.equal(new Set(strokes).size, 4, strokes.join('\n'));
      await page.screenshot({ path: `out/screenshots/panel-heat-${theme.replace(' ', '-')}.png` });
      await button.click();
      await page.locator('.legend').waitFor({ state: 'hidden' });
      assert.equal(await page.locator('.edge-label', { hasText: 'connections' }).count(), 0);
    });
  }

  test('the setting turns it on; what the panel chose stays over an update', async () => {
    const page = await open();
    await panel.show(counted(loadBalancer()), {}, { heat: true });
    await page.locator('.edge-label', { hasText: '1,234 new connections' }).waitFor();
    await page.locator('vscode-button', { hasText: 'Counters' }).click();
    await page.locator('.legend').waitFor({ state: 'hidden' });
    await panel.show(counted(loadBalancer()), {}, { heat: true });
    assert.equal(await page.locator('.legend').isVisible(), false);
  });

  test('a dump without counters says so, and nothing is drawn cold', async () => {
    const page = await open();
    await panel.show(loadBalancer(), {}, { heat: true });
    await page.locator('.legend', { hasText: 'iptables-save -c' }).waitFor();
    assert.equal(await page.locator('[class*=heat-]').count(), 0);
  });

  test('new counters alone do not flash', async () => {
    const page = await open();
    await panel.show(counted(loadBalancer()), {}, { heat: true });
    await panel.show(loadBalancer(), {}, { heat: true });
    assert.equal(await page.locator('.changed').count(), 0);
  });

  test('the list of steps has the counts as well', async () => {
    const page = await open();
    const graph = counted(loadBalancer());
    const place = { source: 'node-a.iptables', line: 77, start: 0, end: 9 };
    const edges = graph.edges.map((edge) =>
      edge.from === 'PREROUTING' ? { ...edge, ranges: [place] } : edge,
    );
    const [first, ...others] = graph.entries;
    const [step, ...steps] = first!.steps;
    const entries = [{ ...first!, steps: [{ ...step!, range: place }, ...steps] }, ...others];
    await panel.show({ ...graph, edges, entries }, { entry: 'pod' }, { heat: true });
    await page.locator('.step', { hasText: '123,456 new connections in all' }).waitFor();
  });

  test('the exported picture has them', async () => {
    const page = await open();
    await panel.show(counted(loadBalancer()), {}, { heat: true });
    await panel.post({ type: 'render', request: 1, format: 'svg' });
    await page.waitForFunction('posted.some(({ type }) => type === "rendered")');
    const rendered = (await panel.posted()).find((message) => message.type === 'rendered');
    assert.ok(rendered?.data?.includes('1,234 new connections'));
  });

  test('1,000 endpoints: the group has the sum', async () => {
    const page = await open();
    const graph = manyEndpoints(1000);
    const edges = graph.edges.map((edge) =>
      edge.from === 'KUBE-SVC-BIGBIGBIGBIGBIGB'
        ? {
            ...edge,
            counters: { packets: 3, bytes: 180, unit: 'connections' as const, shared: false },
          }
        : edge,
    );
    await panel.show({ ...graph, edges, counters: 'counted' }, {}, { heat: true });
    await page.locator('.edge-label', { hasText: '3,000 new connections' }).waitFor();
  });
});
