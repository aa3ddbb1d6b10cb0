import type * as vscode from 'vscode';
import type { NodeFolders } from '../workspace/nodeFolders';
import { registerProxyConfig } from './proxyConfig';

/** What manifests in YAML and JSON have to do with a cluster and its kube-proxy. */
export function register(
  extension: vscode.ExtensionContext,
  folders: NodeFolders,
  log: vscode.LogOutputChannel,
): void {
  extension.subscriptions.push(...registerProxyConfig(folders, log));
}
