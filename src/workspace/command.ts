import * as vscode from 'vscode';
import { isCancelled } from '../cluster/error';

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
