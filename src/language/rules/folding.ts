import * as vscode from 'vscode';
import type { Work } from '../../core/work';
import type { DumpDocument } from '../../workspace/dumpDocument';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { runInSlices } from '../../workspace/slices';

/** Lines between two pauses: some milliseconds. */
const linesBetween = 2000;

/** Folds each table, its declarations, and each run of one chain's rules. */
export function foldingProvider(documents: DumpDocuments): vscode.FoldingRangeProvider {
  return {
    async provideFoldingRanges(document, _context, token) {
      const dump = await documents.open(document, token);
      return dump && runInSlices(foldsOf(dump), token);
    },
  };
}

/** First and last line of each stretch that folds; may be left at every `yield`. */
function* foldsOf({ structure, index }: DumpDocument): Work<vscode.FoldingRange[]> {
  const folds: vscode.FoldingRange[] = [];
  for (const { start, end, form } of structure.sections) {
    const last = lastFilled(index, start, end);
    if (last > start && form !== 'listing') folds.push(new vscode.FoldingRange(start, last));
    let runStart = start;
    for (let line = start + 1; line <= end; line++) {
      if (line % linesBetween === 0) yield;
      if (line < end && sameRun(line)) continue;
      const runLast = lastFilled(index, runStart, line);
      if (runLast > runStart && index.kind(runStart) !== 'table') {
        folds.push(new vscode.FoldingRange(runStart, runLast));
      }
      runStart = line;
    }
  }
  return folds;

  function sameRun(line: number): boolean {
    const { chains } = structure;
    const declares = (at: number) => /^(chain|policy|new-chain)$/.test(index.kind(at));
    if (declares(line) || declares(line - 1)) return declares(line) && declares(line - 1);
    const kind = index.kind(line);
    // The column heads of a listing belong to the chain above.
    if (kind === 'listing-columns' || kind === 'blank') return true;
    if (kind === 'listing-policy' || kind === 'listing-chain' || kind === 'commit') return false;
    if (kind === 'listing-rule') return true;
    return chains.chainAt(line) === chains.chainAt(line - 1);
  }
}

function lastFilled(index: DumpDocument['index'], start: number, end: number): number {
  let last = end - 1;
  while (last > start && index.kind(last) === 'blank') last--;
  return last;
}
