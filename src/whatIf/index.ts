import * as vscode from 'vscode';
import { registerCommand } from '../workspace/command';
import { previewScheme } from '../workspace/previewFiles';
import type { WhatIfWorld } from './world';

/**
 * What would be: the flow with edited objects, what an edited configuration changes, and how ready a
 * node is for nftables mode. Lenses and the explorer ask by commands.
 */
export function register(
  { subscriptions }: vscode.ExtensionContext,
  world: WhatIfWorld,
  log: vscode.LogOutputChannel,
): void {
  subscriptions.push(
    vscode.workspace.registerFileSystemProvider(previewScheme, world.previews, {
      isReadonly: true,
      isCaseSensitive: true,
    }),
    registerCommand(log, 'kubeProxyInspector.readyForNftables', async (argument) => {
      const { showReadiness } = await import('./ready');
      await showReadiness(world, argument);
    }),
    registerCommand(log, 'kubeProxyInspector.previewFlow', async (argument) => {
      const { showPreview } = await import('./preview');
      await showPreview(world, argument);
    }),
    registerCommand(log, 'kubeProxyInspector.whatChanges', async (argument) => {
      const { showChanges } = await import('./changes');
      await showChanges(world, argument);
    }),
  );
}
