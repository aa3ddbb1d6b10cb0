import { decodeText, encodingOf } from './decodeText';

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

/** One line after the other, without the one at `end`. */
export function* linesBetween(lines: Lines, start: number, end: number): Generator<string> {
  for (let i = start; i < end; i++) yield lines.line(i);
}

/** Bytes that are decoded at once: some milliseconds. */
const pieceLength = 1024 * 1024;

/**
 * Lines of a text of any size, without ever holding up others: its pieces are not joined, since a
 * string of 100 MB takes a quarter of a second to make.
 *
 * @param pieces of whole lines
 */
export async function linesOfPieces(pieces: AsyncIterable<string>): Promise<Lines> {
  const held: Lines[] = [];
  /** The number of each piece's first line. */
  const firsts: number[] = [];
  let count = 1;
  for await (const text of pieces) {
    const piece = textLines(text);
    held.push(piece);
    firsts.push(count - 1);
    // A piece's last line is the next one's first.
    count += piece.count - 1;
  }
  let last = 0;
  return {
    count,
    line(i) {
      // Lines are most often read one after the other.
      if (i < (firsts[last] ?? 0) || i >= (firsts[last + 1] ?? count)) last = pieceAt(firsts, i);
      return i < count ? (held[last]?.line(i - firsts[last]!) ?? '') : '';
    },
  };
}

/** @param bytes UTF-8; what is none becomes U+FFFD */
export function linesOfBytes(bytes: Uint8Array, pause: () => Promise<void>): Promise<Lines> {
  return linesOfPieces(decoded(bytes, pause));
}

async function* decoded(bytes: Uint8Array, pause: () => Promise<void>): AsyncGenerator<string> {
  if (encodingOf(bytes) !== 'utf-8') {
    yield decodeText(bytes);
    return;
  }
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(10, start + pieceLength);
    const end = newline < 0 ? bytes.length : newline + 1;
    yield new TextDecoder().decode(bytes.subarray(start, end));
    start = end;
    await pause();
  }
}

/** The last piece that begins at or before a line. */
function pieceAt(firsts: readonly number[], line: number): number {
  let low = 0;
  for (let high = firsts.length; high - low > 1;) {
    const middle = (low + high) >> 1;
    if (firsts[middle]! <= line) low = middle;
    else high = middle;
  }
  return low;
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
