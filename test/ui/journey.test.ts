import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { colours } from '../inPage.js';
import { openWorkbench, type Workbench } from './workbench';
import { press } from './flowPanel';

const dump = 'kubernetes-1.36-iptables/node-a/iptables-save.txt';
const lines = readFileSync(`samples/${dump}`, 'utf8').split('\n');

/** The line, from 1, of the first rule or declaration that matches. */
function lineOf(pattern: RegExp): number {
  const index = lines.findIndex((line) => pattern.test(line));
  assert.ok(index >= 0, String(pattern));
  return index + 1;
}

const jump = lineOf(/^-A KUBE-SERVICES .*"default\/whoami cluster IP"/);
const chain = /KUBE-SVC-\S+/.exec(lines[jump - 1]!)![0];

/** What the README promises, on the extension as it is published. */
suite('from the rule of a Service to its endpoints, with the packaged extension', () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await openWorkbench({ extension: 'packaged' });
  });

  suiteTeardown(() => workbench.close());

  test('a dump opens in its language, highlighted', async () => {
    await workbench.openFile(dump, lineOf(/^-A KUBE-MARK-MASQ /));
    const language = workbench.page.locator('#status\\.editor\\.mode');
    await language.filter({ hasText: 'iptables' }).waitFor();
    const rule = workbench.page.locator('.view-line', { hasText: '-j MARK --set-xmark' });
    await rule.locator('span[class*=mtk]').nth(3).waitFor();
    assert.ok((await rule.evaluate(colours)) >= 3);
    await workbench.screenshot('dump');
  });

  test('the mark is explained by its bit', async () => {
    const text = await workbench.hover('--set-xmark 0x4000/0x4000');
    assert.match(text, /bit 14/i);
    assert.match(text, /masquerade/i);
    await workbench.screenshot('hover');
  });

  test('a jump leads to the first rule of its chain', async () => {
    await workbench.openFile(dump, jump, lines[jump - 1]!.length);
    await workbench.goToDefinition(chain);
    await workbench.cursorOnLine(lineOf(new RegExp(`^-A ${chain} `)));
  });

  test('the lens opens the graph of the Service: three endpoints, a third each', async () => {
    await workbench.openFile(dump, lineOf(new RegExp(`^-A ${chain} `)));
    await workbench.clickCodeLens('default/whoami', workbench.page.locator('iframe.webview'));
    const graph = workbench.webview();
    await graph.locator('h1', { hasText: 'default/whoami' }).waitFor();
    await graph.locator('.edge-label', { hasText: '33.3 %' }).nth(2).waitFor();
    assert.equal(await graph.locator('.node.endpoint').count(), 3);
  });

  test('an endpoint leads to its rule', async () => {
    await press(workbench.webview(), 'Fit');
    const endpoint = workbench.webview().locator('.node.endpoint').nth(1);
    const address = await endpoint.locator('.label').textContent();
    await endpoint.click();
    await workbench.webview().locator('.node.endpoint.lit').waitFor();
    await workbench.runCommand('View: Focus First Editor Group');
    await workbench.cursorOnLine(lineOf(new RegExp(`DNAT --to-destination ${address}$`)));
    await workbench.screenshot('journey');
  });
});
