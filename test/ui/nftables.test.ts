import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { FrameLocator } from 'playwright-core';
import { press } from './flowPanel';
import { samplesWorkbench } from './sharedWorkbench';
import type { Workbench } from './workbench';

const path = 'kubernetes-1.36-nftables/node-a/nft-list-ruleset.txt';
const lines = readFileSync(`samples/${path}`, 'utf8').split('\n');
/** From 1. */
const lineOf = (text: string) => lines.findIndex((line) => line.trim().startsWith(text)) + 1;
const chain = lineOf('chain service-LX3JQ64U-default/whoami/tcp/ {');

suite('a node in nftables mode in the workbench', () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await samplesWorkbench();
  });

  suiteTeardown(() => workbench.close());

  test('a listing is highlighted, and a Service has its lens', async () => {
    const language = workbench.page.locator('#status\\.editor\\.mode', { hasText: 'nft' });
    await workbench.openFile(path, chain);
    await language.waitFor();
    // A hint, `= 33.3 % each`, may follow by now.
    const rule = workbench.page.locator('.view-line', { hasText: 'numgen random mod 3' });
    await rule.first().locator('span[class*=mtk]').nth(3).waitFor();
    const lens = workbench.page.locator('.codelens-decoration', { hasText: 'default/whoami' });
    await lens.first().waitFor();
    await workbench.screenshot('nft-listing');
  });

  test('the element of a Service leads to its chain', async () => {
    await workbench.openFile(path, lineOf('10.99.205.136 . tcp . 3000'));
    await workbench.goToDefinition('10.99.205.136 .');
    await workbench.cursorOnLine(chain);
  });

  test('the hover of a look-up in a map tells what becomes of a packet without an element', async () => {
    await workbench.openFile(path, lineOf('ip daddr . meta l4proto . th dport vmap @service-ips'));
    const text = await workbench.hover('vmap');
    assert.match(text, /does what its element says; without one the rule does not match/);
    await workbench.screenshot('nft-hover');
  });

  test('Trace Service draws the map as the fork, and an endpoint leads to its line', async () => {
    await workbench.openFile(path, chain);
    await workbench.runCommand('Kube-Proxy Inspector: Trace Service...');
    await workbench.pick('default/whoami');
    const panel: FrameLocator = workbench.webview();
    await panel.locator('h1', { hasText: 'default/whoami' }).waitFor();
    await panel.locator('.edge-label', { hasText: '33.3 %' }).nth(2).waitFor();
    assert.equal(await panel.locator('.node.endpoint').count(), 3);
    await press(panel, 'Fit');
    await panel.locator('.node.endpoint').first().click();
    await panel.locator('.node.endpoint.lit').first().waitFor();
    await workbench.runCommand('View: Focus First Editor Group');
    await workbench.cursorOnLine(chain + 1);
    await workbench.screenshot('nft-flow');
  });
});
