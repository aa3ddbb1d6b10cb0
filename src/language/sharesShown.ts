import * as vscode from 'vscode';
import type { DumpDocuments } from '../workspace/dumpDocuments';
import { setting } from '../workspace/setting';

const name = 'inlayHints.probability';

/** Whether the shares of choices by chance stand behind them. */
export function showsShares(document: vscode.TextDocument): boolean {
  return setting(name, true, document);
}

/** Hints are asked for anew when a text changed, or whether they are shown. */
export function sharesChange(documents: Pick<DumpDocuments, 'onDidChange'>): vscode.Event<void> {
  return (listener) =>
    vscode.Disposable.from(
      documents.onDidChange(() => listener()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`kubeProxyInspector.${name}`)) listener();
      }),
    );
}
