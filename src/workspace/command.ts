import * as vscode from 'vscode';
import { errorText, isCancelled } from '../cluster/error';

/**
 * Registers a command that catches once: an error is logged and shown; a cancel says nothing.
 *
 * @param handler gets what the command was called on, and all that is selected in VS Code's explorer
 */
export function registerCommand(
  log: vscode.LogOutputChannel,
  id: string,
  handler: (argument: unknown, selected?: unknown) => Promise<void> | void,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (argument: unknown, selected: unknown) => {
    try {
      await handler(argument, selected);
    } catch (error) {
      if (isCancelled(error)) return;
      const message = errorText(error);
      log.error(`${id}: ${message}`);
      const showLog = vscode.l10n.t('Show Log');
      if ((await vscode.window.showErrorMessage(message, showLog)) === showLog) log.show();
    }
  });
}
