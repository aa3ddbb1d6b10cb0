import * as vscode from 'vscode';
import type { SourceRange } from '../../core/source';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import type { NodeFolders } from '../../workspace/nodeFolders';
import { runInSlices } from '../../workspace/slices';
import { hoverOf } from '../../workspace/hover/hoverOf';
import { rangeOf, uriNear } from '../../workspace/places';
import type { Work } from '../../core/work';
import { nodeHoverAt } from './hover';
import { contextOpener, nodeText, type ContextOf } from './opener';
import { childrenShown, foldsOf, outlineOf, type OutlineItem } from './outline';
import { definitionsAt, referencesAt } from './targets';
import type { NodeLanguage } from './word';

const languageIds: readonly NodeLanguage[] = ['ipvsadm', 'ipset', 'ip-address'];
const nodeDumps: vscode.DocumentSelector = languageIds.map((language) => ({ language }));
/** Rules take part too: a set's name leads out of them. */
const allDumps: vscode.DocumentSelector = [...languageIds, 'iptables-save'].map((language) => ({
  language,
}));

/** The features of a node's dumps besides its rules, and the way from rules to their sets. */
export function registerNodeDumps(
  documents: DumpDocuments,
  folders: NodeFolders,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const { languages } = vscode;
  const open = contextOpener(documents, folders, log);
  return vscode.Disposable.from(
    languages.registerHoverProvider(allDumps, hovers(open)),
    languages.registerDefinitionProvider(allDumps, definitions(open)),
    languages.registerReferenceProvider(allDumps, references(open)),
    languages.registerDocumentSymbolProvider(nodeDumps, symbols),
    languages.registerFoldingRangeProvider(nodeDumps, folding),
  );
}

function hovers(open: ContextOf): vscode.HoverProvider {
  return {
    async provideHover(document, position, token) {
      const { line, character } = position;
      const context = await open(document, position, token);
      const content = context && (await nodeHoverAt(context, line, character));
      if (!content || token.isCancellationRequested) return undefined;
      return hoverOf(content.blocks, rangeOf({ line, ...content }));
    },
  };
}

function definitions(open: ContextOf): vscode.DefinitionProvider {
  return {
    async provideDefinition(document, position, token) {
      const { line, character } = position;
      const context = await open(document, position, token);
      const found = context && definitionsAt(context, line, character);
      if (!found) return undefined;
      const origin = rangeOf({ line, ...found });
      return found.places.map((place): vscode.LocationLink => {
        const { uri, range } = location(place, document);
        return { originSelectionRange: origin, targetUri: uri, targetRange: range };
      });
    },
  };
}

function references(open: ContextOf): vscode.ReferenceProvider {
  return {
    async provideReferences(document, position, { includeDeclaration }, token) {
      const { line, character } = position;
      const context = await open(document, position, token);
      const found = context && (await referencesAt(context, line, character, includeDeclaration));
      return found?.places.map((place) => location(place, document));
    },
  };
}

function location(range: SourceRange, { uri }: vscode.TextDocument): vscode.Location {
  return new vscode.Location(uriNear(range.source, uri), rangeOf(range));
}

const symbols: vscode.DocumentSymbolProvider = {
  async provideDocumentSymbols(document, token) {
    return inSlices(symbolsOf(document), token);
  },
};

const folding: vscode.FoldingRangeProvider = {
  async provideFoldingRanges(document, _context, token) {
    const items = await inSlices(outlineOf(nodeText(document)), token);
    return foldsOf(items).map(([start, end]) => new vscode.FoldingRange(start, end));
  },
};

/** Nothing where VS Code does not wait any more. */
async function inSlices<T>(work: Work<T[]>, token: vscode.CancellationToken): Promise<T[]> {
  try {
    return await runInSlices(work, token);
  } catch (error) {
    if (token.isCancellationRequested) return [];
    throw error;
  }
}

function* symbolsOf(document: vscode.TextDocument): Work<vscode.DocumentSymbol[]> {
  const items = yield* outlineOf(nodeText(document));
  const count = items.reduce((sum, { children }) => sum + children.length, 0);
  const symbols: vscode.DocumentSymbol[] = [];
  for (const item of items) symbols.push(yield* symbol(document, item, count <= childrenShown));
  return symbols;
}

function* symbol(
  document: vscode.TextDocument,
  { kind, name, detail, line, last, children }: OutlineItem,
  withChildren: boolean,
): Work<vscode.DocumentSymbol> {
  yield;
  const head = document.lineAt(line).range;
  const whole = head.union(document.lineAt(Math.min(last, document.lineCount - 1)).range);
  // VS Code refuses a symbol without a name.
  const own = new vscode.DocumentSymbol(name || '-', detail, kinds[kind], whole, head);
  for (const child of withChildren ? children : []) {
    own.children.push(yield* symbol(document, child, false));
  }
  return own;
}

const kinds: Readonly<Record<OutlineItem['kind'], vscode.SymbolKind>> = {
  virtual: vscode.SymbolKind.Interface,
  real: vscode.SymbolKind.Property,
  set: vscode.SymbolKind.Array,
  element: vscode.SymbolKind.Property,
  device: vscode.SymbolKind.Module,
  address: vscode.SymbolKind.Property,
};
