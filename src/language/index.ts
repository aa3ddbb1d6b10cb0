import * as vscode from 'vscode';
import type { LineParser } from '../syntax/treeSitter';
import type { DumpDocuments } from '../workspace/dumpDocuments';
import { callHierarchyProvider } from './callHierarchy';
import { declarationProvider, definitionProvider } from './definition';
import { detectLanguage } from './detection';
import { showFindings } from './diagnostics';
import { foldingProvider } from './folding';
import { linkProvider } from './links';
import { highlightProvider, referenceProvider } from './references';
import { selectionRangeProvider } from './selectionRanges';
import { iptablesDumps } from './selector';
import { symbolProvider } from './symbols';
import { workspaceSymbolProvider } from './workspaceSymbols';

/** The language features of dumps. */
export function register(
  { subscriptions }: vscode.ExtensionContext,
  documents: DumpDocuments,
  parser: () => Promise<LineParser>,
): void {
  const { languages } = vscode;
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
    showFindings(documents),
    detectLanguage(),
  );
}
