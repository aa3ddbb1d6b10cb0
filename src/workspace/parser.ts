import * as vscode from 'vscode';
import type { LineParser } from '../syntax/treeSitter';

/** The grammar's parser, loaded when it is first asked for: some 20 ms that activation is spared. */
export function lazyParser(extensionUri: vscode.Uri): () => Promise<LineParser> {
  const read = (name: string) =>
    vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, 'dist', name));
  let parser: Promise<LineParser> | undefined;
  const load = async () => {
    const [{ loadParser }, runtime, grammar] = await Promise.all([
      import('../syntax/treeSitter'),
      read('web-tree-sitter.wasm'),
      read('tree-sitter-iptables.wasm'),
    ]);
    return loadParser({ runtime, grammar });
  };
  return () => (parser ??= load());
}
