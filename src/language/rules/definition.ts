import * as vscode from 'vscode';
import type { DumpDocument } from '../../workspace/dumpDocument';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { rangeOf } from '../../workspace/places';
import { chainAt } from './chainAt';
import { declarationOrRules, rulesOrDeclaration, type Goal } from './goals';
import { nameRange } from './nameRange';

/**
 * From a chain's name to its rules (peeking shows them all), or to its declaration where it has
 * none. "Go to Declaration" is the way to `:CHAIN`.
 */
export function definitionProvider(documents: DumpDocuments): vscode.DefinitionProvider {
  return {
    async provideDefinition(document, position, token) {
      const dump = await documents.open(document, token);
      return dump && linksAt(dump, position, rulesOrDeclaration);
    },
  };
}

export function declarationProvider(documents: DumpDocuments): vscode.DeclarationProvider {
  return {
    async provideDeclaration(document, position, token) {
      const dump = await documents.open(document, token);
      return dump && linksAt(dump, position, declarationOrRules);
    },
  };
}

function linksAt(
  dump: DumpDocument,
  { line, character }: vscode.Position,
  goalOf: (dump: DumpDocument, chain: number) => Goal | undefined,
): vscode.LocationLink[] {
  const text = dump.lines.line(line);
  const found = chainAt(dump.structure, line, text, character);
  const goal = found && goalOf(dump, found.chain);
  if (!found || !goal) return [];
  const end = dump.lines.line(goal.last).length;
  return [
    {
      originSelectionRange: rangeOf({ line, ...found }),
      targetUri: dump.uri,
      targetRange: new vscode.Range(goal.line, 0, goal.last, end),
      targetSelectionRange: nameRange(dump, found.chain, goal.line),
    },
  ];
}
