import * as vscode from 'vscode';
import { registerCommand } from '../workspace/command';
import type { NodeFolders } from '../workspace/nodeFolders';
import { LineHovers } from './hover';

/** The language of kernel traces, and the command that lays one on the rules of its node. */
export function register(
  { subscriptions }: vscode.ExtensionContext,
  folders: NodeFolders,
  log: vscode.LogOutputChannel,
): void {
  // What reads and lays a trace brings the tracer along: it is read when a command is first called.
  subscriptions.push(
    vscode.languages.registerHoverProvider(
      { language: 'packet-trace' },
      new LineHovers(folders, log),
    ),
    registerCommand(log, 'kubeProxyInspector.layOnRules', async () =>
      (await import('./commands')).layOnRules(folders),
    ),
    registerCommand(log, 'kubeProxyInspector.copyWatchCommands', async () =>
      (await import('./commands')).copyWatchCommands(),
    ),
  );
}
