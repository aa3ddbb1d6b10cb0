import * as vscode from 'vscode';
import * as explorer from './explorer';

/** Wires the features together; each registers itself. No network, nothing heavy here. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Kube-Proxy Inspector', { log: true });
  context.subscriptions.push(log);
  explorer.register(context, log);
}
