import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LineParser, LineSyntax } from '../../src/syntax/treeSitter';
import { testNftGrammar, testParser } from '../syntax/parser';

interface Example {
  readonly name: string;
  readonly text: string;
  readonly expected: string;
}

function examples(file: string): Example[] {
  const parts = readFileSync(file, 'utf8').split(/^=+\n(.*)\n=+\n/m);
  return parts.slice(1).flatMap((name, index, all) => {
    if (index % 2 === 1) return [];
    const [text, expected] = all[index + 1]!.split(/\n---\n/) as [string, string];
    return [{ name, text, expected: expected.trim().replace(/\s+/g, ' ').replaceAll(' )', ')') }];
  });
}

/** `(dump (rule (command) (chain_name)))` */
function expression({ nodes }: LineSyntax<string>, index = 0): string {
  const node = nodes[index]!;
  const children = nodes.flatMap((child, i) => (child.parent === index ? [i] : []));
  const missing = node.missing ? 'MISSING ' : '';
  return `(${[missing + node.type, ...children.map((i) => expression({ nodes, hasError: false }, i))].join(' ')})`;
}

/**
 * The corpus of each tree-sitter grammar, in the format of `tree-sitter test`: run here through the
 * wasm that the extension ships.
 */
for (const [name, load] of [
  ['tree-sitter-iptables', testParser],
  ['tree-sitter-nft', testNftGrammar],
] as const) {
  suite(`corpus of ${name}`, () => {
    let parser: LineParser<string>;
    suiteSetup(async () => (parser = await load()));

    const corpus = `syntaxes/${name}/test/corpus`;
    assert.ok(existsSync(corpus));
    for (const file of readdirSync(corpus)) {
      for (const { name, text, expected } of examples(join(corpus, file))) {
        test(`${file}: ${name}`, () => {
          assert.equal(expression(parser.parse(text)), expected);
        });
      }
    }
  });
}
