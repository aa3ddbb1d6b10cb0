import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { FrameLocator } from 'playwright-core';
import { samplesWorkbench } from './sharedWorkbench';
import type { Workbench } from './workbench';

const dump = 'kubernetes-1.36-iptables/node-a/iptables-save.txt';
const lines = readFileSync(`samples/${dump}`, 'utf8').split('\n');

suite('Trace Packet in the workbench', () => {
  let workbench: Workbench;
  let panel: FrameLocator;

  suiteSetup(async () => {
    workbench = await samplesWorkbench();
    await workbench.openFile(dump);
    await workbench.runCommand('Kube-Proxy Inspector: Trace Packet...');
    await workbench.pick('10.244.1.7');
    await workbench.pick('default/whoami');
    panel = workbench.webview();
  });

  suiteTeardown(() => workbench.close());

  test('an address as typed and a target by its Service give one entry with its steps', async () => {
    await panel.locator('h1', { hasText: '10.99.205.136:3000' }).waitFor();
    assert.equal(await panel.locator('.side .entry').count(), 1);
    assert.equal(await panel.locator('.node.endpoint').count(), 3);
  });

  test('the arrow keys walk the steps, and the dump follows', async () => {
    await panel.locator('.side .entry').first().click();
    const step = panel.locator('.step', { hasText: 'KUBE-SERVICES' }).first();
    await step.waitFor();
    await step.click();
    await step.press('Enter');
    const line = lines.findIndex((text) => /^-A PREROUTING .* -j KUBE-SERVICES$/.test(text));
    await workbench.runCommand('View: Focus First Editor Group');
    await workbench.cursorOnLine(line + 1);
    await workbench.screenshot('trace-packet');
  });
});
