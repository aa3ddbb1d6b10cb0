import type { Finding } from '../../core/finding';
import type { SourceRange } from '../../core/source';
import { linesOf } from '../lines';

/**
 * Findings of a pasted text with the columns of the text that reached us: behind the quote, the number or
 * the blanks that `pastedText` took away. Where a line was joined of several, what lies behind its first
 * part keeps its column.
 *
 * @param raw as it reached us
 * @param plain `pastedText` of it
 */
export function inRawText<T extends Finding>(
  findings: readonly T[],
  raw: string,
  plain: string,
): readonly T[] {
  if (raw === plain || findings.length === 0) return findings;
  const [before, after] = [[...linesOf(raw)], [...linesOf(plain)]];
  return findings.map((finding) => {
    const { line } = finding.range;
    return { ...finding, range: moved(finding.range, before[line] ?? '', after[line] ?? '') };
  });
}

function moved(range: SourceRange, raw: string, plain: string): SourceRange {
  const { start, end } = range;
  const text = plain.slice(start, end);
  // A margin alone was taken away, or characters within the line as well.
  const at = raw.endsWith(plain) ? raw.length - plain.length + start : raw.indexOf(text, start);
  if (at < 0) return start === 0 ? { ...range, end: raw.length } : range;
  return { ...range, start: at, end: at + text.length };
}
