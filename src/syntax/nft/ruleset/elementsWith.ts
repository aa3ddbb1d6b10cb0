import type { SourceRange } from '../../../core/source';
import type { Work } from '../../../core/work';
import type { Lines } from '../../textLines';
import type { Block } from '../structure/blocks';
import { elementsOn } from './set';

/** Lines that are looked through between two yields: some milliseconds. */
const linesAtOnce = 2000;

/**
 * The elements of a set's or map's block whose text holds a part, as `10.96.0.10` and `. 53` are of
 * `10.96.0.10 . tcp . 53 : goto service-...`; `most` of them, from the first.
 */
export function* elementsWith(
  part: string,
  { source, lines, block }: { source: string; lines: Lines; block: Block },
  most: number,
): Work<SourceRange[]> {
  const found: SourceRange[] = [];
  const from = block.elementsLine ?? block.end;
  for (let line = from; line < block.end && found.length < most; line++) {
    if (line % linesAtOnce === 0) yield;
    const text = lines.line(line);
    for (let at = text.indexOf(part); at >= 0 && found.length < most;) {
      const ranges = elementsOn(source, lines, block, line, at).map(({ range }) => range);
      const range = ranges.find(({ start, end }) => at >= start && at < end);
      if (range) found.push(range);
      at = text.indexOf(part, Math.max(at + 1, range?.end ?? 0));
      yield;
    }
  }
  return found;
}
