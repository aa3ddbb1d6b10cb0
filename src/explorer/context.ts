import * as vscode from 'vscode';
import { isCancelled } from '../cluster/error';
import type { DumpFiles } from '../workspace/clusters/dumpFiles';
import type { Sources } from '../workspace/clusters/sources';
import type { ExplorerProvider } from './provider';
import type { TreeNode } from './tree/node';

/** What the commands of the explorer share. */
export interface ExplorerContext {
  readonly sources: Sources;
  readonly provider: ExplorerProvider;
  readonly view: vscode.TreeView<TreeNode>;
  readonly files: DumpFiles;
  readonly log: vscode.LogOutputChannel;
}

/** Registers a command that catches once: an error is logged and shown; a cancel says nothing. */
export function registerCommand(
  log: vscode.LogOutputChannel,
  id: string,
  handler: (argument: unknown) => Promise<void> | void,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (argument: unknown) => {
    try {
      await handler(argument);
    } catch (error) {
      if (isCancelled(error)) return;
      const message = error instanceof Error ? error.message : String(error);
      log.error(`${id}: ${message}`);
      const showLog = vscode.l10n.t('Show Log');
      if ((await vscode.window.showErrorMessage(message, showLog)) === showLog) log.show();
    }
  });
}

/** The node that a menu was opened on; from the palette or a key, the selected one. */
export function nodeOf({ view }: ExplorerContext, argument: unknown): TreeNode | undefined {
  const given = argument as Partial<TreeNode> | undefined;
  return given?.target ? (given as TreeNode) : view.selection[0];
}
