import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FrameLocator, Locator } from 'playwright-core';
import type { FlowGraph } from '../../src/core/flow/graph';
import { exportGraph, press, selectEntry, traceService } from './flowPanel';
import { focusedItem, textColours } from '../inPage.js';
import { folderWorkbench, suiteFolder } from './sharedWorkbench';
import type { Workbench } from './workbench';

/** What a user does with a panel, in one window. */
suite('the flow panel in use', () => {
  const folder = suiteFolder('behaviour');
  const dump = join(folder, 'iptables-save.txt');
  let workbench: Workbench;
  let panel: FrameLocator;
  let lines: string[];

  suiteSetup(async () => {
    cpSync('samples/kubernetes-1.36-iptables/node-a', folder, { recursive: true });
    lines = readFileSync(dump, 'utf8').split('\n');
    workbench = await folderWorkbench(folder);
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    panel = await traceService(workbench, dump, 'default/whoami');
    await press(panel, 'Fit');
  });

  suiteTeardown(() => workbench.close());

  function button(text: string): Locator {
    return panel.locator('vscode-button', { hasText: text });
  }

  /** From 1. */
  function lineOf(text: string): number {
    return lines.findIndex((line) => line.includes(text)) + 1;
  }

  async function dumpIsAt(text: string): Promise<void> {
    await workbench.runCommand('View: Focus First Editor Group');
    await workbench.cursorOnLine(lineOf(text));
  }

  test('the keyboard alone: to the graph, along it, to its rule; to the list, to a step', async () => {
    const { keyboard } = workbench.page;
    await workbench.runCommand('View: Focus Right Editor Group');
    const frame = await workbench.webviewFrame();
    const tabTo = async (what: string) => {
      for (let i = 0; i < 15; i++) {
        if ((await frame.evaluate(focusedItem)).startsWith(what)) return;
        await keyboard.press('Tab');
      }
      assert.fail(`Tab does not reach a ${what}, but ${await frame.evaluate(focusedItem)}`);
    };
    await tabTo('node Pod on this node');
    for (const node of ['nat PREROUTING', 'nat KUBE-SERVICES', 'nat KUBE-SVC-DC3OOLRZIWFKJHLB']) {
      // Beside the dump the panel is narrow: the graph goes down.
      await keyboard.press('ArrowDown');
      assert.equal(await frame.evaluate(focusedItem), `node ${node}`);
    }
    await keyboard.press('Enter');
    await panel.locator('.node.lit', { hasText: 'KUBE-SVC-DC3OOLRZIWFKJHLB' }).waitFor();
    await tabTo('entry Pod on this node');
    await keyboard.press('Enter');
    await panel.locator('.entry[aria-expanded=true]').waitFor();
    for (let i = 0; i < 3; i++) await keyboard.press('ArrowDown');
    await panel
      .locator('.step[aria-selected=true]', { hasText: 'jump KUBE-SVC-DC3OOLRZIWFKJHLB' })
      .waitFor();
    await keyboard.press('Enter');
    await dumpIsAt('-A KUBE-SERVICES -d 10.99.205.136/32');
    await panel.locator('.entry[aria-expanded=true]').click();
    await panel.locator('.node.dim').first().waitFor({ state: 'detached' });
  });

  test('the cursor in the dump lights up the node of its rule', async () => {
    const endpoint = '10.244.1.3:3000';
    await workbench.runCommand('View: Focus First Editor Group');
    await workbench.openFile(dump, lineOf(`--to-destination ${endpoint}`));
    await panel.locator('.node.endpoint.lit', { hasText: endpoint }).waitFor();
  });

  test('a double click peeks at the rules that lead to an endpoint', async () => {
    await panel.locator('.node.endpoint', { hasText: '10.244.0.4:3000' }).dblclick();
    const peek = workbench.page.locator('.peekview-widget:visible');
    await peek.locator('.peekview-title', { hasText: 'iptables-save.txt' }).waitFor();
    await peek.locator('.view-line', { hasText: '--to-destination' }).first().waitFor();
    await workbench.screenshot('flow-peek');
    await workbench.page.keyboard.press('Escape');
    await peek.waitFor({ state: 'hidden' });
  });

  function exported(format: string, extension: string): Promise<Buffer> {
    return exportGraph(workbench, panel, format, join(folder, `default-whoami.${extension}`));
  }

  test('SVG: stands alone and looks the same; PNG: twice its size, as far as tickets show it', async () => {
    // On a busy machine the first of the two clicks before may open its rule over the panel.
    panel = await traceService(workbench, dump, 'default/whoami');
    const svg = (await exported('SVG', 'svg')).toString();
    const shown = await panel.locator('.graph').evaluate(textColours);
    const alone = await workbench.page.context().newPage();
    const requests: string[] = [];
    alone.on('request', (request) => requests.push(request.url()));
    const { href } = pathToFileURL(join(folder, 'default-whoami.svg'));
    await alone.goto(href);
    const drawn = await alone.locator('svg > g').evaluate(textColours);
    assert.deepEqual(drawn, shown);
    assert.match(
      (await alone.locator('svg > text').allTextContents()).join(' '),
      /^Works for pods and the node/,
    );
    assert.deepEqual(requests, [href]);
    assert.ok(!/href=|url\(|var\(|<script|<style|<foreignObject| on\w+=/.test(svg));
    await alone.screenshot({ path: 'out/screenshots/flow-exported-svg.png' });

    const png = await exported('PNG', 'png');
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
    const size = await alone.evaluate(
      `createImageBitmap(new Blob([Uint8Array.from(atob('${png.toString('base64')}'), (c) =>
        c.charCodeAt(0))])).then(({ width, height }) => [width, height])`,
    );
    await alone.close();
    const shrink = Math.min(1, 1600 / (2 * width!));
    assert.deepEqual(size, [2 * width! * shrink, 2 * height! * shrink].map(Math.floor));
  });

  test('Mermaid and JSON: the same graph', async () => {
    const mermaid = (await exported('Mermaid', 'mmd')).toString();
    assert.match(mermaid, /^flowchart LR$/m);
    assert.equal(mermaid.match(/-->\|"33\.3 %"\| n\d+$/gm)?.length, 3);
    const graph = JSON.parse((await exported('JSON', 'json')).toString()) as FlowGraph;
    assert.equal(graph.nodes.filter(({ kind }) => kind === 'endpoint').length, 3);
    assert.ok((await panel.locator('h1 .facts').textContent())!.startsWith(graph.facts.at));
  });

  test('Copy as text: the verdict, and the walk with its rules', async () => {
    await press(panel, 'Export');
    await workbench.pick('Copy as text');
    await workbench.page.getByText('The flow graph is in the clipboard.').first().waitFor();
    const text = await workbench.page.evaluate<string>('navigator.clipboard.readText()');
    assert.ok(text.startsWith((await panel.locator('h1 .verdict').textContent())!));
    assert.match(text, /^ {2}nat PREROUTING rule 1 → KUBE-SERVICES rule \d+ → KUBE-SVC-\w+$/m);
  });

  test('a panel moves to another column and keeps what is selected', async () => {
    await selectEntry(panel, 'Pod on this node');
    await workbench.runCommand('View: Move Editor into Previous Group');
    await workbench.page
      .locator('.editor-group-container', {
        has: workbench.page.locator('[aria-label*="iptables-save.txt"]'),
      })
      .locator('.tab.active', { hasText: 'Flow: default/whoami' })
      .waitFor();
    await panel.locator('.entry[aria-expanded=true]', { hasText: 'Pod on this node' }).waitFor();
    assert.equal(await panel.locator('.node.endpoint').count(), 3);
    await workbench.runCommand('View: Move Editor into Next Group');
    await panel.locator('.entry[aria-expanded=true]').waitFor();
  });

  test('a panel moves into a window of its own, where a click still leads to the rule', async () => {
    const opened = workbench.page.context().waitForEvent('page');
    await workbench.runCommand('View: Move Editor into New Window');
    const other = await opened;
    const moved = other.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await moved.locator('.entry[aria-expanded=true]', { hasText: 'Pod on this node' }).waitFor();
    assert.equal(await moved.locator('.node.endpoint').count(), 3);
    await press(moved, 'Fit');
    await moved.locator('.node.endpoint', { hasText: '10.244.0.3:3000' }).click();
    await moved.locator('.node.endpoint.lit').waitFor();
    await other.close();
  });

  test('a pinned panel stays, over a reload, too; another Service opens a second one', async () => {
    panel = await traceService(workbench, dump, 'default/whoami');
    // The first whose text begins so: `Ping` comes later.
    await press(panel, 'Pin');
    // It may stand behind the toolbar's other actions.
    await button('Pinned').waitFor({ state: 'attached' });
    const tabs = workbench.page.locator('.tab', { hasText: 'Flow: ' });
    panel = await traceService(workbench, dump, 'shop/checkout:https');
    assert.equal(await tabs.count(), 2);
    // A pinned Service is not opened twice.
    await traceService(workbench, dump, 'default/whoami');
    assert.equal(await tabs.count(), 2);
    await button('Pinned').waitFor({ state: 'attached' });

    await workbench.reload();
    panel = workbench.webview();
    await tabs.filter({ hasText: 'default/whoami' }).click();
    await panel.locator('h1', { hasText: 'default/whoami' }).waitFor();
    await button('Pinned').waitFor({ state: 'attached' });
    assert.equal(await tabs.count(), 2);
  });
});
