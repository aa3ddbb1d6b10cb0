/** A text by lines, as VS Code counts them: `\n`, `\r\n` and a lone `\r` end a line. */
export interface Lines {
  /** At least 1: a text that ends with a line break has an empty last line. */
  readonly count: number;
  /** Without the line break; the empty string outside 0 to count - 1. */
  line(i: number): string;
}

/** Lines of one string, by offsets: no copy of the text is kept. */
export function textLines(text: string): Lines {
  const starts = lineStarts(text);
  return {
    count: starts.length - 1,
    line(i) {
      const start = starts[i];
      const next = starts[i + 1];
      if (start === undefined || next === undefined) return '';
      return text.slice(start, lineEnd(text, start, next));
    },
  };
}

/** Where each line starts, and, one more, where a line after the last would. */
function lineStarts(text: string): Uint32Array {
  const found = text.includes('\r') ? anyBreaks(text) : newlines(text);
  found.push(text.length + 1);
  return Uint32Array.from(found);
}

function newlines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function anyBreaks(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n?|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}

/** The end of the line's text; `next` is where the next line starts. */
function lineEnd(text: string, start: number, next: number): number {
  let end = next - 1;
  if (end > start && text.charCodeAt(end - 1) === 13 && text.charCodeAt(end) === 10) end--;
  return end;
}
