import * as vscode from 'vscode';
import type { NftGrammar } from '../syntax/nft/grammar';
import type { LineParser } from '../syntax/treeSitter';
import type { DumpDocuments } from '../workspace/dumpDocuments';
import type { NftDocuments } from '../workspace/nftDocuments';
import type { NodeFolders } from '../workspace/nodeFolders';
import type { MarkdownPages } from '../workspace/markdownPages';
import type { PastedDumps } from '../workspace/pastedDumps';
import { callHierarchyProvider } from './rules/callHierarchy';
import { codeLensProvider } from './rules/codeLens';
import { registerCompare } from './compare';
import { declarationProvider, definitionProvider } from './rules/definition';
import { detectLanguage } from './detection';
import { NodeFindings } from './findings/nodeFindings';
import { registerReport } from './findings/report';
import { showFindings } from './rules/diagnostics';
import { FactsStore, type SurroundingsOf } from './rules/facts';
import { foldingProvider } from './rules/folding';
import { hoverProvider } from './rules/hover';
import { inlayHintsProvider } from './rules/inlayHints';
import { linkProvider } from './rules/links';
import { registerNftListings } from './nft';
import { registerNodeDumps } from './node';
import { askAboutFolders } from './nodesOfFiles';
import { nodeStatus } from './nodeStatus';
import { highlightProvider, referenceProvider } from './rules/references';
import { selectionRangeProvider } from './rules/selectionRanges';
import { registerPaste } from './paste';
import { iptablesDumps } from './rules/selector';
import { legend, semanticTokensProvider } from './rules/semanticTokens';
import { symbolProvider } from './rules/symbols';
import { workspaceSymbolProvider } from './rules/workspaceSymbols';

/** What the features need from around them. */
export interface LanguageWorld {
  readonly documents: DumpDocuments;
  readonly listings: NftDocuments;
  readonly folders: NodeFolders;
  readonly pasted: PastedDumps;
  readonly pages: MarkdownPages;
  readonly parser: () => Promise<LineParser>;
  readonly grammar: () => Promise<NftGrammar>;
}

/** The language features of dumps. */
export function register(
  { subscriptions, extensionUri }: vscode.ExtensionContext,
  { documents, listings, folders, pasted, pages, parser, grammar }: LanguageWorld,
  log: vscode.LogOutputChannel,
): void {
  const { languages } = vscode;
  const findings = new NodeFindings(folders, extensionUri, log);
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
    languages.registerCodeLensProvider(iptablesDumps, codeLensProvider(facts, documents, findings)),
    languages.registerInlayHintsProvider(iptablesDumps, inlayHintsProvider(facts, documents)),
    languages.registerDocumentRangeSemanticTokensProvider(
      iptablesDumps,
      semanticTokensProvider(documents),
      legend,
    ),
    showFindings(documents, facts),
    findings,
    registerReport(folders, pages, log),
    registerCompare(folders, pages, log),
    detectLanguage(),
    registerPaste({ folders, pasted }, log),
    askAboutFolders(folders, log),
    registerNodeDumps(documents, folders, log),
    registerNftListings(listings, grammar, findings),
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
