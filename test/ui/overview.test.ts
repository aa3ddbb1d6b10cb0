import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { folderWorkbench, suiteFolder } from './sharedWorkbench';
import type { Workbench } from './workbench';
import { press } from './flowPanel';

const sample = 'samples/kubernetes-1.36-iptables';
const dump = 'nodes/node-a/iptables-save.txt';

suite('all nodes in the workbench', () => {
  let workbench: Workbench;
  let folder: string;

  suiteSetup(async () => {
    folder = suiteFolder('nodes');
    for (const node of ['node-a', 'node-b']) {
      cpSync(join(sample, node), join(folder, 'nodes', node), { recursive: true });
    }
    cpSync(join(sample, 'objects'), join(folder, 'objects'), { recursive: true });
    // node-c is node-b with one endpoint of default/whoami that is gone, dumped under another name.
    cpSync(join(sample, 'node-b'), join(folder, 'nodes', 'node-c'), { recursive: true });
    const rules = readFileSync(join(sample, 'node-b', 'iptables-save.txt'), 'utf8');
    rmSync(join(folder, 'nodes/node-c/iptables-save.txt'));
    rmSync(join(folder, 'nodes/node-c/iptables-save-c.txt'));
    writeStale(rules, '10.244.1.99:3000');
    workbench = await folderWorkbench(folder);
  });

  suiteTeardown(() => workbench.close());

  function writeStale(rules: string, stale: string): void {
    const text = rules.replace('--to-destination 10.244.1.3:3000', `--to-destination ${stale}`);
    assert.notEqual(text, rules);
    writeFileSync(join(folder, 'nodes/node-c/iptables-nft-save.txt'), text);
  }

  const row = (node: string) => workbench.webview().locator(`tr[data-node=${node}]`);
  const cell = (node: string, column: string) => row(node).locator(`td[data-column=${column}]`);

  test('the chooser leads from a graph to all nodes', async () => {
    await workbench.openFile(dump);
    await workbench.runCommand('Kube-Proxy Inspector: Trace Service...');
    await workbench.pick('default/whoami');
    const panel = workbench.webview();
    await panel.locator('.node.endpoint').first().waitFor();
    await panel.locator('#choose-node').click();
    await panel.locator('vscode-option:visible', { hasText: 'All nodes' }).click();
    await cell('node-a', 'endpoints').filter({ hasText: '3 of 3' }).waitFor();
    await cell('node-b', 'endpoints').filter({ hasText: '3 of 3' }).waitFor();
    await cell('node-b', 'mode').filter({ hasText: 'iptables (nft)' }).waitFor();
  });

  test('a node that is not as the others is told', async () => {
    await cell('node-c', 'missing').filter({ hasText: '10.244.1.3:3000' }).waitFor();
    await cell('node-c', 'stale').filter({ hasText: '10.244.1.99:3000 (in no' }).waitFor();
    await row('node-c').locator('.differs', { hasText: 'missing, stale' }).waitFor();
    const summary = '3 nodes: 2 program all 3 endpoints, node-c misses 10.244.1.3:3000';
    await workbench.webview().locator('h1', { hasText: summary }).waitFor();
    await workbench.screenshot('overview');
  });

  test('a new capture updates its row in place', async () => {
    const rules = readFileSync(join(sample, 'node-b', 'iptables-save.txt'), 'utf8');
    writeStale(rules, '10.244.1.98:3000');
    await cell('node-c', 'stale').filter({ hasText: '10.244.1.98:3000' }).waitFor();
  });

  test("a node's name leads to its graph, and the button back", async () => {
    await row('node-c').locator('th button').click();
    const panel = workbench.webview();
    await panel.locator('.node.endpoint', { hasText: '10.244.1.98:3000' }).waitFor();
    await panel.locator('h1', { hasText: 'node-c' }).waitFor();
    await press(panel, 'All Nodes');
    await cell('node-a', 'endpoints').filter({ hasText: '3 of 3' }).waitFor();
  });

  test('it survives a reload of the window', async () => {
    await workbench.reload();
    await cell('node-c', 'stale').filter({ hasText: '10.244.1.98:3000' }).waitFor();
  });
});
