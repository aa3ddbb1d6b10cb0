import type { SourceRange } from '../../../core/source';

/** The number of `# handle 5` at the end of a line. */
export function handleOf(line: string): number | undefined {
  const number = /# handle (\d{1,15})\s*$/.exec(line)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** A line without the blanks around it. */
export function wholeLine(source: string, line: number, text: string): SourceRange {
  return { source, line, start: text.length - text.trimStart().length, end: text.trimEnd().length };
}
