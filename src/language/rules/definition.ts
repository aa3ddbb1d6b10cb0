import * as vscode from 'vscode';
import type { DumpDocument } from '../../workspace/dumpDocument';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { rangeOf } from '../../workspace/places';
import { chainAt } from './chainAt';
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

interface Goal {
  readonly line: number;
  /** The last line to show with it. */
  readonly last: number;
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

function rulesOrDeclaration(dump: DumpDocument, chain: number): Goal | undefined {
  return rules(dump, chain) ?? declaration(dump, chain);
}

function declarationOrRules(dump: DumpDocument, chain: number): Goal | undefined {
  return declaration(dump, chain) ?? rules(dump, chain);
}

function declaration({ structure }: DumpDocument, chain: number): Goal | undefined {
  const line = structure.chains.declaration(chain);
  return line === undefined ? undefined : { line, last: line };
}

/** The first run of the chain's rules. */
function rules({ structure, index }: DumpDocument, chain: number): Goal | undefined {
  const lines = structure.chains.rules(chain);
  const [line] = lines;
  if (line === undefined) return undefined;
  // A listing's rules don't name their chain: its head does.
  if (index.kind(line) === 'listing-rule') {
    const head = structure.chains.declaration(chain);
    return head === undefined ? undefined : { line: head, last: line + lines.length - 1 };
  }
  let count = 1;
  while (count < lines.length && lines[count] === line + count) count++;
  return { line, last: line + count - 1 };
}
