import * as vscode from 'vscode';
import type { NftDocuments } from '../../workspace/nftDocuments';
import { foldsOf } from './folds';

/** Folds tables, chains, sets, maps and objects. */
export function nftFoldingProvider(documents: NftDocuments): vscode.FoldingRangeProvider {
  return {
    async provideFoldingRanges(document, _context, token) {
      const listing = await documents.open(document, token);
      if (!listing) return [];
      return foldsOf(listing).map(([first, last]) => new vscode.FoldingRange(first, last));
    },
  };
}
