import * as vscode from 'vscode';
import type { DumpDocument } from '../../workspace/dumpDocument';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { chainAt } from './chainAt';
import { nameRange } from './nameRange';

/** The rules that jump or go to a chain; with its declaration when VS Code asks for that. */
export function referenceProvider(documents: DumpDocuments): vscode.ReferenceProvider {
  return {
    async provideReferences(document, position, { includeDeclaration }, token) {
      const dump = await documents.open(document, token);
      const chain = dump && chainUnder(dump, position);
      if (!dump || chain === undefined) return [];
      const { chains } = dump.structure;
      const declaration = includeDeclaration ? chains.declaration(chain) : undefined;
      const lines = [
        ...(declaration === undefined ? [] : [declaration]),
        ...chains.references(chain),
      ];
      return lines.map((line) => new vscode.Location(dump.uri, nameRange(dump, chain, line)));
    },
  };
}

/** Every place of the chain's name: its declaration and rules fill it, jumps ask for it. */
export function highlightProvider(documents: DumpDocuments): vscode.DocumentHighlightProvider {
  return {
    async provideDocumentHighlights(document, position, token) {
      const dump = await documents.open(document, token);
      const chain = dump && chainUnder(dump, position);
      if (!dump || chain === undefined) return undefined;
      const { chains } = dump.structure;
      const { Read, Write } = vscode.DocumentHighlightKind;
      const highlight = (line: number, kind: vscode.DocumentHighlightKind) =>
        new vscode.DocumentHighlight(nameRange(dump, chain, line), kind);
      const declaration = chains.declaration(chain);
      const own = [...chains.rules(chain)].filter(
        (line) => dump.index.kind(line) !== 'listing-rule',
      );
      return [
        ...(declaration === undefined ? [] : [highlight(declaration, Write)]),
        ...own.map((line) => highlight(line, Write)),
        ...Array.from(chains.references(chain), (line) => highlight(line, Read)),
      ];
    },
  };
}

function chainUnder(dump: DumpDocument, { line, character }: vscode.Position): number | undefined {
  return chainAt(dump.structure, line, dump.lines.line(line), character)?.chain;
}
