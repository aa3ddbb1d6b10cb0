import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { LineParser } from '../syntax/treeSitter';
import { loadParser } from '../syntax/iptables/grammar';

let parser: Promise<LineParser> | undefined;

/** The parser with the wasm files of this checkout, loaded once. */
export function nodeParser(): Promise<LineParser> {
  return (parser ??= load());
}

async function load(): Promise<LineParser> {
  const [runtime, grammar] = await Promise.all([
    readFile(createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm')),
    readFile(
      new URL('../../syntaxes/tree-sitter-iptables/tree-sitter-iptables.wasm', import.meta.url),
    ),
  ]);
  return loadParser({ runtime, grammar });
}
