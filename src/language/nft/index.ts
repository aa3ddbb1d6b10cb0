import * as vscode from 'vscode';
import type { NftGrammar } from '../../syntax/nft/grammar';
import type { NftDocuments } from '../../workspace/nftDocuments';
import type { NodeFindings } from '../findings/nodeFindings';
import { nftCallHierarchyProvider } from './callHierarchy';
import { nftCodeLensProvider } from './codeLens';
import { showNftFindings } from './diagnostics';
import { nftFoldingProvider } from './folding';
import { nftDefinitionProvider, nftHighlightProvider, nftReferenceProvider } from './names';
import { nftHoverProvider, nftInlayHintsProvider } from './providers';
import { nftSelectionProvider } from './selectionRanges';
import { nftListings } from './selector';
import { nftSymbolProvider } from './symbols';
import { nftWorkspaceSymbols } from './workspaceSymbols';

/** The language features of nft listings. */
export function registerNftListings(
  documents: NftDocuments,
  grammar: () => Promise<NftGrammar>,
  findings: Pick<NodeFindings, 'of' | 'onDidFind'>,
): vscode.Disposable {
  const { languages } = vscode;
  return vscode.Disposable.from(
    languages.registerDocumentSymbolProvider(nftListings, nftSymbolProvider(documents)),
    languages.registerFoldingRangeProvider(nftListings, nftFoldingProvider(documents)),
    languages.registerDefinitionProvider(nftListings, nftDefinitionProvider(documents)),
    languages.registerReferenceProvider(nftListings, nftReferenceProvider(documents)),
    languages.registerDocumentHighlightProvider(nftListings, nftHighlightProvider(documents)),
    languages.registerCallHierarchyProvider(nftListings, nftCallHierarchyProvider(documents)),
    languages.registerWorkspaceSymbolProvider(nftWorkspaceSymbols(documents)),
    languages.registerSelectionRangeProvider(nftListings, nftSelectionProvider(documents, grammar)),
    languages.registerHoverProvider(nftListings, nftHoverProvider(documents)),
    languages.registerInlayHintsProvider(nftListings, nftInlayHintsProvider(documents)),
    languages.registerCodeLensProvider(nftListings, nftCodeLensProvider(documents, findings)),
    showNftFindings(documents),
  );
}
