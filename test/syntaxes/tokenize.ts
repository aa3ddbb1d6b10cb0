import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Oniguruma from 'vscode-oniguruma';
import type * as Textmate from 'vscode-textmate';

// Both are CommonJS whose names an ESM import does not see.
const require = createRequire(import.meta.url);
const oniguruma = require('vscode-oniguruma') as typeof Oniguruma;
const textmate = require('vscode-textmate') as typeof Textmate;

let engine: Promise<void> | undefined;

/** The TextMate grammar `syntaxes/NAME.tmLanguage.json`, in the engine that VS Code has. */
export async function loadGrammar(name: string): Promise<Textmate.IGrammar> {
  engine ??= oniguruma.loadWASM(
    readFileSync('node_modules/vscode-oniguruma/release/onig.wasm').buffer,
  );
  await engine;
  const file = `syntaxes/${name}.tmLanguage.json`;
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: () => Promise.resolve(textmate.parseRawGrammar(readFileSync(file, 'utf8'), file)),
  });
  const grammar = await registry.loadGrammar(`source.${name}`);
  if (!grammar) throw new Error(`${file} has no scope source.${name}`);
  return grammar;
}

/**
 * The scoped pieces of each line as `text -> scope`, innermost scope without its suffix
 * `.NAME`; blanks and text without a scope of its own are left out.
 */
export function scopes(grammar: Textmate.IGrammar, text: string): string[] {
  const result: string[] = [];
  let state = textmate.INITIAL;
  for (const line of text.split('\n')) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    for (const token of tokens) {
      const piece = line.slice(token.startIndex, token.endIndex);
      const scope = token.scopes.at(-1)!;
      if (!piece.trim() || scope.startsWith('source.') || scope.startsWith('meta.')) continue;
      result.push(`${piece} -> ${scope.slice(0, scope.lastIndexOf('.'))}`);
    }
  }
  return result;
}
