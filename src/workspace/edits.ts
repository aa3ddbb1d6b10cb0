import type { LineIndex } from '../syntax/lineIndex';

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
  index: LineIndex,
  changes: readonly TextChange[],
  lineText: (line: number) => string,
): void {
  const edited: { start: number; count: number }[] = [];
  for (const { range, text } of changes) {
    const start = range.start.line;
    const removed = range.end.line - start + 1;
    const count = text.split(/\r\n|\r|\n/).length;
    index.edit(start, removed, new Array<string>(count).fill(''));
    for (const earlier of edited) {
      if (earlier.start > start) earlier.start += count - removed;
    }
    edited.push({ start, count });
  }
  for (const { start, count } of edited) {
    const texts = Array.from({ length: count }, (_, i) => lineText(start + i));
    index.edit(start, count, texts);
  }
}
