import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { pictureOf } from '../inPage.js';
import { until, type Workbench } from './workbench';

/** What a picture says, for tests. */
export interface Picture {
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
}

export interface PictureNode {
  readonly id: string;
  readonly kind: string;
  /** Its label and its second line. */
  readonly texts: readonly string[];
  readonly badges: readonly string[];
  /** Not dimmed by the selection of an entry. */
  readonly bright: boolean;
}

export interface PictureEdge {
  /** `FROM > TO`, of the ids of its nodes. */
  readonly id: string;
  readonly label: string | undefined;
  readonly bad: boolean;
  readonly unknown: boolean;
}

/**
 * Opens a dump and traces a Service of it by the command.
 *
 * @param header What the panel's sentence says of this Service and of no other one.
 */
export async function traceService(
  workbench: Workbench,
  dump: string,
  service: string,
  header: string | RegExp = service,
): Promise<FrameLocator> {
  await workbench.runCommand('View: Focus First Editor Group');
  await workbench.openFile(dump);
  await workbench.runCommand('Kube-Proxy Inspector: Trace Service...');
  await workbench.pick(service);
  const panel = workbench.webview();
  await panel.locator('h1', { hasText: header }).waitFor();
  await unfold(panel);
  return panel;
}

/** Chooses another Service port in the panel itself. */
export async function chooseService(panel: FrameLocator, service: string): Promise<void> {
  await choose(panel, 'service-port', service);
  await panel.locator('h1', { hasText: service }).waitFor();
  await unfold(panel);
}

/** Opens the chains that a narrow panel folds. */
export async function unfold(panel: FrameLocator): Promise<void> {
  await panel.locator('.graph .node').first().waitFor();
  const chains = panel.locator('.node.chains');
  if ((await chains.count()) === 0) return;
  // It may lie outside of what is seen.
  await chains.first().dispatchEvent('click');
  await chains.first().waitFor({ state: 'detached' });
}

/** Presses a button of the toolbar, behind its `…` where it has no room. */
export async function press(panel: FrameLocator, text: string | RegExp): Promise<void> {
  const button = panel.locator('.toolbar vscode-button', { hasText: text });
  await button.first().waitFor({ state: 'attached' });
  if (!(await button.first().isVisible())) await panel.locator('.toolbar .more').click();
  await button.first().click();
}

/** Chooses an option of one of the panel's dropdowns. */
export async function choose(panel: FrameLocator, which: string, option: string): Promise<void> {
  const dropdown = panel.locator(`#choose-${which}`);
  await dropdown.click();
  await dropdown.locator('vscode-option', { hasText: option }).first().click();
}

export async function picture(panel: FrameLocator): Promise<Picture> {
  await panel.locator('.graph .node').first().waitFor();
  return panel.locator('.graph').evaluate(pictureOf) as Promise<Picture>;
}

/** `10.244.0.3:3000 33.3 %`, of all edges to endpoints, in the picture's order. */
export function shares({ nodes, edges }: Picture): string[] {
  return nodes
    .filter(({ kind }) => kind === 'endpoint')
    .flatMap(({ id, texts }) => {
      const labels = edges.filter((edge) => edge.id.endsWith(` > ${id}`));
      return labels.map(({ label }) => `${texts[0]} ${label ?? ''}`.trim());
    });
}

/** The one node of a kind. */
export function only(shown: Picture, kind: string): PictureNode {
  const [node, ...others] = shown.nodes.filter((one) => one.kind === kind);
  assert.ok(node && others.length === 0, `one ${kind} in ${JSON.stringify(shown.nodes)}`);
  return node;
}

/** Selects an entry in the list, the first whose name and packet have the text. */
export async function selectEntry(panel: FrameLocator, text: string | RegExp): Promise<void> {
  await panel.locator('.side .entry', { hasText: text }).first().click();
  await panel.locator('.side .entry[aria-expanded=true]', { hasText: text }).waitFor();
}

/**
 * Saves the graph by the dialog, under the name that it offers.
 *
 * @param file What that should be.
 */
export async function exportGraph(
  workbench: Workbench,
  panel: FrameLocator,
  format: string,
  file: string,
): Promise<Buffer> {
  await press(panel, 'Export');
  await workbench.pick(format);
  const name = workbench.page.locator('.quick-input-widget:visible .quick-input-box input');
  // The dialog is ready once it has looked up the folder.
  await workbench.page.waitForFunction(
    ([input, expected]) => Reflect.get(input!, 'value') === expected,
    [await name.elementHandle(), file] as const,
  );
  await until('the dialog closes', async () => {
    if (await name.isVisible()) await name.press('Enter');
    await name.waitFor({ state: 'hidden', timeout: 1500 });
  });
  const saved = workbench.page.locator('.notification-toast', { hasText: basename(file) });
  await saved.filter({ hasText: 'Saved' }).first().waitFor();
  return readFileSync(file);
}
