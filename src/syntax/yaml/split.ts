import type { OffsetRange } from './node';

/** The lines that YAML reserves for the ends of documents, wherever they stand. */
const separator = /(?:^\uFEFF?|\n)(---|\.\.\.)(?=[ \t\r\n]|$)/g;

/** Blank lines, comments and directives: what may stand before a document's `---`. */
const prelude = /^\uFEFF?(?:[ \t]*(?:#[^\n]*)?(?:\r?\n|$)|%[^\n]*(?:\n|$))*$/;

/**
 * Cuts a text into its YAML documents at `---` and `...`, so that one can be parsed for itself and a
 * broken one leaves the others intact. Each begins with its `---`, and with the comments and
 * directives above the first. Parts with nothing but comments are left out.
 */
export function splitDocuments(text: string): OffsetRange[] {
  const documents: OffsetRange[] = [];
  let start = 0;
  const cut = (end: number) => {
    const part = text.slice(start, end).replace(/^---(?=\s|$)/, '');
    if (!prelude.test(part)) documents.push({ start, end });
    start = end;
  };
  separator.lastIndex = 0;
  for (let match = separator.exec(text); match; match = separator.exec(text)) {
    const mark = match.index + match[0].length - match[1]!.length;
    if (match[1] === '...') {
      const line = text.indexOf('\n', mark);
      cut(line < 0 ? text.length : line + 1);
    } else if (!prelude.test(text.slice(start, mark))) {
      cut(mark);
    }
  }
  cut(text.length);
  return documents;
}
