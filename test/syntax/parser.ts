import { readFileSync } from 'node:fs';
import type { LineParser, LineSyntax } from '../../src/syntax/treeSitter';
import { loadNftGrammar, type NftGrammar } from '../../src/syntax/nft/grammar';
import { loadParser } from '../../src/syntax/iptables/grammar';

let parser: Promise<LineParser> | undefined;

/** The real parser, with the wasm files of this checkout. */
export function testParser(): Promise<LineParser> {
  parser ??= loadParser({
    runtime: readFileSync('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    grammar: readFileSync('syntaxes/tree-sitter-iptables/tree-sitter-iptables.wasm'),
  });
  return parser;
}

let nft: Promise<NftGrammar> | undefined;

/** The same of nft's statements. */
export function testNftGrammar(): Promise<NftGrammar> {
  nft ??= loadNftGrammar({
    runtime: readFileSync('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    grammar: readFileSync('syntaxes/tree-sitter-nft/tree-sitter-nft.wasm'),
  });
  return nft;
}

/** `rule(command=-A chain_name=INPUT option(option_name=-j target=DROP))` without the outer `dump`. */
export function outline(text: string, { nodes }: LineSyntax): string {
  const show = (index: number): string => {
    const node = nodes[index]!;
    const children = nodes.flatMap((child, i) => (child.parent === index ? [show(i)] : []));
    const name = (node.missing ? 'MISSING ' : '') + node.type;
    return children.length
      ? `${name}(${children.join(' ')})`
      : `${name}=${text.slice(node.start, node.end)}`;
  };
  return nodes.flatMap((node, i) => (node.parent === 0 ? [show(i)] : [])).join('\n');
}
