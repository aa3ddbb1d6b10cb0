import * as vscode from 'vscode';
import type { DumpDocument } from '../../workspace/dumpDocument';
import type { DumpDocuments } from '../../workspace/dumpDocuments';

/** Folds each table, its declarations, and each run of one chain's rules. */
export function foldingProvider(documents: DumpDocuments): vscode.FoldingRangeProvider {
  return {
    async provideFoldingRanges(document, _context, token) {
      const dump = await documents.open(document, token);
      return dump && [...foldsOf(dump)].map(([start, end]) => new vscode.FoldingRange(start, end));
    },
  };
}

/** First and last line of each stretch that folds. */
function* foldsOf({ structure, index }: DumpDocument): Generator<[number, number]> {
  for (const { start, end, form } of structure.sections) {
    const last = lastFilled(index, start, end);
    if (last > start && form !== 'listing') yield [start, last];
    let runStart = start;
    for (let line = start + 1; line <= end; line++) {
      if (line < end && sameRun(line)) continue;
      const runLast = lastFilled(index, runStart, line);
      if (runLast > runStart && index.kind(runStart) !== 'table') yield [runStart, runLast];
      runStart = line;
    }
  }

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
