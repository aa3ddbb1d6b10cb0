import * as vscode from 'vscode';
import type { NftDocuments } from '../../workspace/nftDocuments';

/** Folds tables, chains, sets, maps and objects. */
export function nftFoldingProvider(documents: NftDocuments): vscode.FoldingRangeProvider {
  return {
    async provideFoldingRanges(document, _context, token) {
      const listing = await documents.open(document, token);
      const stretches = (listing?.blocks.tables ?? []).flatMap(({ line, end, blocks }) => [
        ...(line === undefined ? [] : [{ line, end }]),
        ...blocks,
      ]);
      return stretches
        .filter(({ line, end }) => end - line > 2)
        .map(({ line, end }) => new vscode.FoldingRange(line, end - 2));
    },
  };
}
