import * as vscode from 'vscode';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { runInSlices } from '../../workspace/slices';
import { foldsOf } from './folds';

/** Folds each table, its declarations, and each run of one chain's rules. */
export function foldingProvider(documents: DumpDocuments): vscode.FoldingRangeProvider {
  return {
    async provideFoldingRanges(document, _context, token) {
      const dump = await documents.open(document, token);
      const folds = dump && (await runInSlices(foldsOf(dump), token));
      return folds?.map(([first, last]) => new vscode.FoldingRange(first, last));
    },
  };
}
