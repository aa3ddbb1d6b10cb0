import * as vscode from 'vscode';

/**
 * A setting of this extension, by its name without the prefix.
 *
 * @param scope the document that it may have a value of its own for
 */
export function setting<T>(name: string, fallback: T, scope?: vscode.ConfigurationScope): T {
  return vscode.workspace.getConfiguration('kubeProxyInspector', scope).get<T>(name, fallback);
}
