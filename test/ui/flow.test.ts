import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { FrameLocator } from 'playwright-core';
import { samplesWorkbench } from './sharedWorkbench';
import type { Workbench } from './workbench';
import { press } from './flowPanel';

const dump = 'kubernetes-1.36-iptables/node-a/iptables-save.txt';
const lines = readFileSync(`samples/${dump}`, 'utf8').split('\n');

suite('flow graph in the workbench', () => {
  let workbench: Workbench;
  let panel: FrameLocator;

  suiteSetup(async () => {
    workbench = await samplesWorkbench();
    await workbench.openFile(dump);
    await trace('default/whoami');
  });

  suiteTeardown(() => workbench.close());

  async function trace(service: string): Promise<void> {
    await workbench.runCommand('Kube-Proxy Inspector: Trace Service...');
    await workbench.pick(service);
    panel = workbench.webview();
    await panel.locator('h1', { hasText: service }).waitFor();
  }

  test('three endpoints at 33.3 %', async () => {
    const labels = panel.locator('.edge-label', { hasText: '33.3 %' });
    await labels.nth(2).waitFor();
    assert.ok((await labels.count()) >= 3);
    assert.equal(await panel.locator('.node.endpoint').count(), 3);
    await workbench.screenshot('flow');
  });

  test('a click on an endpoint lands on its DNAT rule', async () => {
    await press(panel, 'Fit');
    const endpoint = panel.locator('.node.endpoint').first();
    const address = await endpoint.locator('.label').textContent();
    const line = lines.findIndex((text) => text.endsWith(`-j DNAT --to-destination ${address}`));
    await endpoint.click();
    await panel.locator('.node.endpoint.lit').waitFor();
    await workbench.runCommand('View: Focus First Editor Group');
    await workbench.cursorOnLine(line + 1);
  });

  test('the cursor in the dump lights up the endpoint', async () => {
    await panel.locator('.node.endpoint.lit').waitFor();
  });

  test('an entry dims all else and lists its steps', async () => {
    const step = panel.locator('.step', { hasText: 'jump KUBE-SERVICES' });
    await panel.locator('.side .entry', { hasText: 'Pod on this node' }).click();
    await step.first().waitFor();
    assert.ok((await panel.locator('.node.dim').count()) > 0);
    await step.first().press('ArrowDown');
    await panel.locator('.step[aria-selected=true]').waitFor();
    await workbench.screenshot('flow-entry');
  });
});
