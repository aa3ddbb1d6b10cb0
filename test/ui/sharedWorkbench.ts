import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { atEnd } from '../../scripts/vscode/cleanup.js';
import type { Kubeconfig } from '../../src/cluster/live/kubeconfig';
import { kubeconfigText } from './liveFolder';
import { openWorkbench, until, type Workbench } from './workbench';

/*
 * To open a window takes longer than most suites run, so those that need no more than a folder
 * share one: two windows for each process of mocha, on the samples and on a folder in which each
 * suite has its own. A suite finds the window without editors and leaves it so.
 */

const windows = new Map<string, Promise<Workbench>>();
let root: string | undefined;

/** A window on the samples. */
export function samplesWorkbench(): Promise<Workbench> {
  return share('samples', 'samples');
}

/** A new folder for the dumps of one suite. */
export function suiteFolder(name: string): string {
  root ??= newRoot();
  // Two levels: folders beside a dump's would be taken for other nodes.
  const folder = join(root, name, 'dumps');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * A window in which a folder of `suiteFolder` is open.
 *
 * @param folder Paths of `openFile` are relative to it.
 */
export function folderWorkbench(folder: string): Promise<Workbench> {
  return share(root!, folder);
}

/** The window of the suites' folders, with a cluster. */
export async function liveWorkbench(name: string, config: Kubeconfig): Promise<Workbench> {
  const folder = suiteFolder(name);
  const kubeconfig = join(folder, 'config');
  writeFileSync(kubeconfig, kubeconfigText(config));
  configureWorkspace({ 'kubeProxyInspector.kubeconfig': kubeconfig });
  return folderWorkbench(folder);
}

/** Writes the settings of the workspace that the suites' folders are in; the window's close undoes it. */
export function configureWorkspace(settings: Record<string, unknown>): void {
  mkdirSync(join(root!, '.vscode'), { recursive: true });
  writeFileSync(join(root!, '.vscode/settings.json'), JSON.stringify(settings));
}

/**
 * Folders of suites that write files anew and wait for what follows. They are there before a window
 * opens: VS Code may miss what is made inside a folder that was made just before.
 */
const watched = [
  'themes/dumps',
  ...['a', 'b', 'c'].map((name) => `nodes/dumps/nodes/node-${name}`),
];

function newRoot(): string {
  const made = mkdtempSync(join(tmpdir(), 'kpi-suites-'));
  for (const folder of watched) mkdirSync(join(made, folder), { recursive: true });
  atEnd(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function share(opened: string, folder: string): Promise<Workbench> {
  let window = windows.get(opened);
  if (!window) windows.set(opened, (window = openWorkbench({ folder: opened })));
  const workbench = await window;
  return {
    ...workbench,
    openFile: (path, line, column) => workbench.openFile(resolve(folder, path), line, column),
    async close() {
      try {
        await leaveClean(workbench);
      } catch (error) {
        // What a failed test left open is not the next suite's.
        windows.delete(opened);
        await workbench.close();
        throw error;
      }
    },
  };
}

async function leaveClean({ page, runCommand }: Workbench): Promise<void> {
  if (root) rmSync(join(root, '.vscode'), { recursive: true, force: true });
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.keyboard.press('Escape');
  await runCommand('View: Close All Editors');
  const discard = page.locator('.monaco-dialog-box').getByText("Don't Save", { exact: true });
  await until('all editors are closed', async () => {
    if (await discard.isVisible()) await discard.click({ timeout: 1500 });
    await page.locator('.editor-group-container .tab').first().waitFor({
      state: 'detached',
      timeout: 1500,
    });
  });
  await runCommand('Notifications: Clear All Notifications');
  await runCommand('View: Show Explorer');
}
