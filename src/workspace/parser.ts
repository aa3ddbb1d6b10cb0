import * as vscode from 'vscode';
import { loadParser, type LineParser } from '../syntax/treeSitter';

/** The grammar's parser, loaded when it is first asked for: some 20 ms that activation is spared. */
export function lazyParser(extensionUri: vscode.Uri): () => Promise<LineParser> {
  const read = (name: string) =>
    vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, 'dist', name));
  let parser: Promise<LineParser> | undefined;
  return () =>
    (parser ??= Promise.all([read('web-tree-sitter.wasm'), read('tree-sitter-iptables.wasm')]).then(
      ([runtime, grammar]) => loadParser({ runtime, grammar }),
    ));
}
