import type { SourceRange } from '../../core/source';

/**
 * A range of a line in the line that reached us: behind the quote, the number or the blanks that were taken
 * away. Where a line was joined of several, what lies behind its first part keeps its column.
 */
export function rangeInLine(range: SourceRange, raw: string, plain: string): SourceRange {
  if (raw === plain) return range;
  const { start, end } = range;
  const text = plain.slice(start, end);
  // A margin alone was taken away, or characters within the line as well.
  const at = raw.endsWith(plain) ? raw.length - plain.length + start : raw.indexOf(text, start);
  if (at < 0) return start === 0 ? { ...range, end: raw.length } : range;
  return { ...range, start: at, end: at + text.length };
}
