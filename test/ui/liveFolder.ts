import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Kubeconfig } from '../../src/cluster/live/kubeconfig';

/** A folder to open, with a kubeconfig in it. */
export interface LiveFolder {
  readonly path: string;
  readonly kubeconfig: string;
  /** Writes the workspace's settings. */
  configure(settings: Record<string, unknown>): Promise<void>;
  write(kubeconfig: Kubeconfig): Promise<void>;
  remove(): Promise<void>;
}

export async function liveFolder(): Promise<LiveFolder> {
  const path = await mkdtemp(join(tmpdir(), 'kpi-'));
  const kubeconfig = join(path, 'config');
  return {
    path,
    kubeconfig,
    // A window of a remote server takes machine settings from the machine or the workspace only.
    async configure(settings) {
      await mkdir(join(path, '.vscode'), { recursive: true });
      await writeFile(join(path, '.vscode', 'settings.json'), JSON.stringify(settings));
    },
    write: (config) => writeFile(kubeconfig, kubeconfigText(config)),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** As a file: JSON is YAML. */
export function kubeconfigText({ current, contexts, clusters, users }: Kubeconfig): string {
  return JSON.stringify({ 'current-context': current, contexts, clusters, users });
}

/** Opens a view container by its title in the activity bar. */
export async function openView(page: Page, title: string): Promise<void> {
  await page.locator(`.activitybar .action-label[aria-label^="${title}"]`).first().click();
}

/** A line of a tree by the beginning of its label and description. */
export function treeRow(page: Page, text: string): Locator {
  return page.locator(`.pane-body .monaco-list-row[aria-label^="${text}"]`).first();
}
