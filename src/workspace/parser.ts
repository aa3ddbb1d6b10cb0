import * as vscode from 'vscode';
import type { NftGrammar } from '../syntax/nft/grammar';
import type { LineParser, ParserWasm } from '../syntax/treeSitter';

/** The parser of iptables' lines, loaded when it is first asked for: some 20 ms that activation is spared. */
export function lazyParser(extensionUri: vscode.Uri): () => Promise<LineParser> {
  return once(async () => {
    const [{ loadParser }, wasm] = await Promise.all([
      import('../syntax/iptables/grammar'),
      wasmOf(extensionUri, 'tree-sitter-iptables.wasm'),
    ]);
    return loadParser(wasm);
  });
}

/** The same for statements of nft. */
export function lazyNftGrammar(extensionUri: vscode.Uri): () => Promise<NftGrammar> {
  return once(async () => {
    const [{ loadNftGrammar }, wasm] = await Promise.all([
      import('../syntax/nft/grammar'),
      wasmOf(extensionUri, 'tree-sitter-nft.wasm'),
    ]);
    return loadNftGrammar(wasm);
  });
}

async function wasmOf(extensionUri: vscode.Uri, grammar: string): Promise<ParserWasm> {
  const read = (name: string) =>
    vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, 'dist', name));
  const [runtime, bytes] = await Promise.all([read('web-tree-sitter.wasm'), read(grammar)]);
  return { runtime, grammar: bytes };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let held: Promise<T> | undefined;
  return () => (held ??= load());
}
