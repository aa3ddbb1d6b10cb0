import type * as vscode from 'vscode';
import type { NftDocuments } from '../../workspace/nftDocuments';
import { runInSlices } from '../../workspace/slices';
import type { NodeFindings } from '../findings/nodeFindings';
import { lensesChange, lensesOf, resolveServiceLens } from '../serviceCodeLens';
import { nftServiceLenses } from './serviceLenses';

/** Lenses above the Services of kube-proxy's own tables. */
export function nftCodeLensProvider(
  documents: NftDocuments,
  findings: Pick<NodeFindings, 'of' | 'onDidFind'>,
): vscode.CodeLensProvider {
  return {
    onDidChangeCodeLenses: lensesChange(documents, findings),
    async provideCodeLenses(document, token) {
      const listing = await documents.open(document, token);
      if (!listing) return [];
      const lenses = await runInSlices(nftServiceLenses(listing.ruleset), token);
      const checked = findings.of(document.uri);
      return lenses.flatMap(({ line, service }) => lensesOf(document.uri, line, service, checked));
    },
    resolveCodeLens: resolveServiceLens,
  };
}
