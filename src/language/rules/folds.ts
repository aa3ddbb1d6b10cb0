import type { Work } from '../../core/work';
import type { DumpDocument } from '../../workspace/dumpDocument';

type IndexedDump = Pick<DumpDocument, 'structure' | 'index'>;

/** Lines between two pauses: some milliseconds. */
const linesBetween = 2000;

/** First and last line of each stretch that folds; may be left at every `yield`. */
export function* foldsOf({ structure, index }: IndexedDump): Work<[number, number][]> {
  const folds: [number, number][] = [];
  for (const { start, end, form } of structure.sections) {
    const last = lastFilled(index, start, end);
    if (last > start && form !== 'listing') folds.push([start, last]);
    let runStart = start;
    for (let line = start + 1; line <= end; line++) {
      if (line % linesBetween === 0) yield;
      if (line < end && sameRun(line)) continue;
      const runLast = lastFilled(index, runStart, line);
      if (runLast > runStart && index.kind(runStart) !== 'table') {
        folds.push([runStart, runLast]);
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

function lastFilled(index: IndexedDump['index'], start: number, end: number): number {
  let last = end - 1;
  while (last > start && index.kind(last) === 'blank') last--;
  return last;
}
