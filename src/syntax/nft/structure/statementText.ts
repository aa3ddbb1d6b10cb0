import type { Lines } from '../../textLines';
import { lineText, type StatementText } from '../text/reader';

/** The text of the lines `start` to `end`, exclusive, as one statement. */
export function linesText(source: string, lines: Lines, start: number, end: number): StatementText {
  if (end <= start + 1) return lineText(source, start, 0, lines.line(start));
  const texts = Array.from({ length: end - start }, (_, i) => lines.line(start + i));
  /** Where in the whole text each line begins. */
  const begins: number[] = [];
  let length = 0;
  for (const text of texts) {
    begins.push(length);
    length += text.length + 1;
  }
  return {
    text: texts.join('\n'),
    range(from, to) {
      const row = lastFrom(begins, from);
      const begin = begins[row]!;
      return {
        source,
        line: start + row,
        start: from - begin,
        end: Math.min(to - begin, texts[row]!.length),
      };
    },
  };
}

/** The last of ascending numbers that is not above a value; the first is 0. */
function lastFrom(numbers: readonly number[], value: number): number {
  let low = 0;
  for (let high = numbers.length; high - low > 1;) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! <= value) low = middle;
    else high = middle;
  }
  return low;
}
