import type { OffsetRange } from '../../core/yamlNode';

/** The lines that YAML reserves for the ends of documents, wherever they stand. */
const separator = /(?:^\uFEFF?|\n)(---|\.\.\.)(?=[ \t\r\n]|$)/g;

/**
 * Cuts a text into its YAML documents at `---` and `...`, so that one can be parsed for itself and a
 * broken one leaves the others intact. Each begins with its `---`, and with the comments and
 * directives above the first. Parts with nothing but comments are left out.
 */
export function splitDocuments(text: string): OffsetRange[] {
  const documents: OffsetRange[] = [];
  let start = 0;
  /** @param last where its text ends: before a line `...`, which closes it */
  const cut = (end: number, last = end) => {
    const marked =
      text.startsWith('---', start) && /^(?:\s|$)/.test(text.slice(start + 3, start + 4));
    if (!isPrelude(text, marked ? start + 3 : start, last)) documents.push({ start, end });
    start = end;
  };
  separator.lastIndex = 0;
  for (let match = separator.exec(text); match; match = separator.exec(text)) {
    const mark = match.index + match[0].length - match[1]!.length;
    if (match[1] === '...') {
      const line = text.indexOf('\n', mark);
      cut(line < 0 ? text.length : line + 1, mark);
    } else if (!isPrelude(text, start, mark)) {
      cut(mark);
    }
  }
  cut(text.length);
  return documents;
}

/** Whether there is nothing but what may stand before a document: blank lines, comments, directives. */
function isPrelude(text: string, start: number, end: number): boolean {
  const first = start === 0 && text.startsWith('\uFEFF') ? 1 : start;
  for (let line = first; line < end; line = nextLine(text, line)) {
    let at = line;
    while (at < end && ' \t\r'.includes(text[at]!)) at++;
    const directive = at === line && text[at] === '%';
    if (at < end && text[at] !== '\n' && text[at] !== '#' && !directive) return false;
  }
  return true;
}

/** Where the line after that of `at` begins; the text's end for the last. */
export function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}
