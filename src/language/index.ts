import * as vscode from 'vscode';
import type { LineParser } from '../syntax/treeSitter';
import type { DumpDocuments } from '../workspace/dumpDocuments';
import type { NodeFolders } from '../workspace/nodeFolders';
import { callHierarchyProvider } from './callHierarchy';
import { codeLensProvider } from './codeLens';
import { declarationProvider, definitionProvider } from './definition';
import { detectLanguage } from './detection';
import { showFindings } from './diagnostics';
import { FactsStore, type SurroundingsOf } from './facts';
import { foldingProvider } from './folding';
import { hoverProvider } from './hover';
import { inlayHintsProvider } from './inlayHints';
import { linkProvider } from './links';
import { nodeLanguages } from './node';
import { nodeStatus } from './nodeStatus';
import { highlightProvider, referenceProvider } from './references';
import { selectionRangeProvider } from './selectionRanges';
import { iptablesDumps } from './selector';
import { legend, semanticTokensProvider } from './semanticTokens';
import { symbolProvider } from './symbols';
import { workspaceSymbolProvider } from './workspaceSymbols';

/** The language features of dumps. */
export function register(
  { subscriptions }: vscode.ExtensionContext,
  documents: DumpDocuments,
  folders: NodeFolders,
  parser: () => Promise<LineParser>,
  log: vscode.LogOutputChannel,
): void {
  const { languages } = vscode;
  const facts = new FactsStore(documents, surroundings(folders, log));
  subscriptions.push(
    languages.registerDefinitionProvider(iptablesDumps, definitionProvider(documents)),
    languages.registerDeclarationProvider(iptablesDumps, declarationProvider(documents)),
    languages.registerReferenceProvider(iptablesDumps, referenceProvider(documents)),
    languages.registerDocumentHighlightProvider(iptablesDumps, highlightProvider(documents)),
    languages.registerCallHierarchyProvider(iptablesDumps, callHierarchyProvider(documents)),
    languages.registerDocumentSymbolProvider(iptablesDumps, symbolProvider(documents)),
    languages.registerWorkspaceSymbolProvider(workspaceSymbolProvider(documents)),
    languages.registerFoldingRangeProvider(iptablesDumps, foldingProvider(documents)),
    languages.registerSelectionRangeProvider(
      iptablesDumps,
      selectionRangeProvider(documents, parser),
    ),
    languages.registerDocumentLinkProvider(iptablesDumps, linkProvider(documents)),
    languages.registerHoverProvider(iptablesDumps, hoverProvider(facts)),
    languages.registerCodeLensProvider(iptablesDumps, codeLensProvider(facts, documents)),
    languages.registerInlayHintsProvider(iptablesDumps, inlayHintsProvider(facts, documents)),
    languages.registerDocumentRangeSemanticTokensProvider(
      iptablesDumps,
      semanticTokensProvider(documents),
      legend,
    ),
    showFindings(documents, facts),
    detectLanguage(),
    nodeLanguages(documents, folders, log),
    nodeStatus(folders, log),
  );
}

/** What lies beside a dump; without it a hover says less, but says it. */
function surroundings(folders: NodeFolders, log: vscode.LogOutputChannel): SurroundingsOf {
  return async (uri) => {
    try {
      const { state: node, objects } = await folders.of(uri);
      return { node, objects };
    } catch (error) {
      log.error(`Reading the files beside ${uri.toString()}:`, error as Error);
      return undefined;
    }
  };
}
