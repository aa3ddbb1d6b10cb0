import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { openView, treeRow } from './liveFolder';
import { samplesWorkbench } from './sharedWorkbench';
import type { Workbench } from './workbench';

suite('the explorer in the workbench', () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await samplesWorkbench();
    await openView(workbench.page, 'Kube-Proxy');
  });

  suiteTeardown(() => workbench.close());

  const row = (text: string) => treeRow(workbench.page, text);

  /** A button in the view's title. */
  function action(title: string): Locator {
    return workbench.page.locator(`.part.sidebar .action-label[aria-label^="${title}"]`).first();
  }

  const expand = (label: string) => workbench.expand(label);

  test('shows the samples as snapshots', async () => {
    await row('kubernetes-1.36-iptables').waitFor();
    await row('kubernetes-1.36-ipvs').waitFor();
  });

  test('a Service with its ports and endpoints', async () => {
    await expand('kubernetes-1.36-iptables');
    await row('Services').waitFor();
    await expand('kube-system');
    await expand('kube-dns');
    await row('53/UDP').waitFor();
    assert.match(
      (await row('kube-dns').getAttribute('aria-label')) ?? '',
      /2\/2 ready .*ClusterIP/,
    );
    await workbench.screenshot('explorer');
  });

  test('the filter box narrows the tree at each key, and lets go of it', async () => {
    await workbench.runCommand('Filter Services and Nodes');
    const box = workbench.page.locator('.quick-input-widget:visible input').first();
    await box.fill('9100');
    await row('kube-dns').waitFor({ state: 'detached' });
    await row('node-exporter').waitFor();
    // Escape brings back what was before.
    await workbench.page.keyboard.press('Escape');
    await row('kube-dns').waitFor();
    await workbench.runCommand('Filter Services and Nodes');
    await box.fill('node-exp');
    await workbench.page.keyboard.press('Enter');
    await row('kube-dns').waitFor({ state: 'detached' });
    await action('Clear Filter').click();
    await row('kube-dns').waitFor();
  });

  test('sorted by problems, refreshed, collapsed', async () => {
    await expand('shop');
    const index = Number(await row('shop').getAttribute('data-index'));
    const firstIs = (name: string) =>
      workbench.page
        .locator(`.pane-body .monaco-list-row[data-index="${index + 1}"][aria-label^="${name}"]`)
        .waitFor();
    await firstIs('a-service-with-a-very-long-name');
    await workbench.runCommand('Sort by Name or by Problems');
    await firstIs('agent-none, 0/0 ready');
    await workbench.runCommand('Sort by Name or by Problems');
    await firstIs('a-service-with-a-very-long-name');
    await action('Refresh').click();
    // What was open stays open.
    await firstIs('a-service-with-a-very-long-name');
    await action('Collapse All').click();
    await row('kube-dns').waitFor({ state: 'detached' });
    await expand('kubernetes-1.36-iptables');
    await expand('Services');
    await expand('kube-system');
    await expand('kube-dns');
    await expand('Nodes');
  });

  test('a dump opens in its language, with the time of its capture in the title', async () => {
    await expand('node-a');
    await row('kube-proxy in iptables mode').waitFor();
    await row('iptables-save.txt').click();
    const tab = workbench.page.locator('.editor-group-container.active .tab.active');
    await tab
      .filter({ hasText: /iptables-save\.txt \(node-a, 2026-\d\d-\d\d \d\d:\d\d:\d\dZ\)/ })
      .waitFor();
    await workbench.find('*mangle');
    const language = workbench.page.locator('#status\\.editor\\.mode');
    await language.filter({ hasText: /iptables/ }).waitFor();
    await workbench.screenshot('explorer-dump');
  });

  test('the menu of a Service offers the trace', async () => {
    await row('kube-dns').click({ button: 'right' });
    const menu = workbench.page.locator('.monaco-menu:visible, .context-view:visible');
    await menu.getByText('Trace on Node...').first().waitFor();
    await workbench.screenshot('explorer-menu');
    await workbench.page.keyboard.press('Escape');
    await menu.first().waitFor({ state: 'hidden' });
  });

  test('Trace Service shows the graph of the port that was chosen', async () => {
    const graph = workbench.webview();
    const heading = graph.getByText('kube-system/kube-dns:dns');
    await workbench.chooseFromMenu(row('53/UDP'), 'Trace Service', heading);
    // The panel beside the dump is narrow: its chains are folded.
    await graph.locator('.node text', { hasText: '4 chains' }).first().waitFor();
    await graph.locator('.node text', { hasText: 'coredns' }).first().waitFor();
    await workbench.screenshot('explorer-trace');
  });
});
