import type { EditableIndex } from '../syntax/indexLines';

/** The part of VS Code's TextDocumentContentChangeEvent that matters here. */
export interface TextChange {
  readonly range: {
    readonly start: { readonly line: number };
    readonly end: { readonly line: number };
  };
  readonly text: string;
}

/**
 * Brings an index up to date with an edit, in the time that the edited lines take.
 *
 * @param changes of one change event; each range counts in the text as the changes before left it.
 * @param lineText a line of the text after all changes.
 */
export function applyChanges(
  index: EditableIndex,
  changes: readonly TextChange[],
  lineText: (line: number) => string,
): void {
  let edited: Stretch[] = [];
  for (const { range, text } of changes) {
    const start = range.start.line;
    const end = range.end.line + 1;
    const count = text.split(/\r\n|\r|\n/).length;
    index.edit(start, end - start, new Array<string>(count).fill(''));
    edited = edited.flatMap((earlier) => outside(earlier, start, end, start + count - end));
    edited.push({ start, end: start + count });
  }
  for (const { start, end } of edited) {
    const texts = Array.from({ length: end - start }, (_, i) => lineText(start + i));
    index.edit(start, texts.length, texts);
  }
}

/** Lines, `end` exclusive. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What an edit of the lines `start` to `end` leaves of a stretch; what follows it moves by `shift`. */
function outside(stretch: Stretch, start: number, end: number, shift: number): Stretch[] {
  const before = { start: stretch.start, end: Math.min(stretch.end, start) };
  const after = { start: Math.max(stretch.start, end) + shift, end: stretch.end + shift };
  return [before, after].filter((part) => part.start < part.end);
}
