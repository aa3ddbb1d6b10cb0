import * as vscode from 'vscode';
import type { Work } from '../../core/work';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { rangeOf } from '../../workspace/places';
import { runInSlices } from '../../workspace/slices';
import type { DumpDocument } from '../../workspace/dumpDocument';
import { outlineOf, type RulesOutline } from './outline';

/** The outline: table > chain > rule, chains named by their Service where that is known. */
export function symbolProvider(documents: DumpDocuments): vscode.DocumentSymbolProvider {
  return {
    async provideDocumentSymbols(document, token) {
      const dump = await documents.open(document, token);
      if (!dump) return [];
      return runInSlices(symbolsOf(dump), token);
    },
  };
}

function* symbolsOf(dump: DumpDocument): Work<vscode.DocumentSymbol[]> {
  const symbols: vscode.DocumentSymbol[] = [];
  for (const item of yield* outlineOf(dump)) symbols.push(yield* symbolOf(item, dump));
  return symbols;
}

function* symbolOf(item: RulesOutline, dump: DumpDocument): Work<vscode.DocumentSymbol> {
  yield;
  const { kind, name, detail, line, last, head, children } = item;
  const whole = new vscode.Range(line, 0, last, dump.lines.line(last).length);
  const symbol = new vscode.DocumentSymbol(name, detail, kinds[kind], whole, rangeOf(head));
  for (const child of children) symbol.children.push(yield* symbolOf(child, dump));
  return symbol;
}

const kinds: Readonly<Record<RulesOutline['kind'], vscode.SymbolKind>> = {
  table: vscode.SymbolKind.Namespace,
  chain: vscode.SymbolKind.Function,
  rule: vscode.SymbolKind.Property,
};
