import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadParser, type LineParser } from '../syntax/treeSitter';

/** The parser with the wasm files of this checkout. */
export async function nodeParser(): Promise<LineParser> {
  const [runtime, grammar] = await Promise.all([
    readFile(fileURLToPath(import.meta.resolve('web-tree-sitter/web-tree-sitter.wasm'))),
    readFile(
      new URL('../../syntaxes/tree-sitter-iptables/tree-sitter-iptables.wasm', import.meta.url),
    ),
  ]);
  return loadParser({ runtime, grammar });
}
