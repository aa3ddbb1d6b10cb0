import * as l10n from '@vscode/l10n';
import type { Finding } from '../core/finding';
import type { SourceRange } from '../core/source';
import { finishWith, type Work } from '../core/work';

/** What a parser made of a text: nothing is thrown, problems are findings. */
export interface Parsed<T> {
  readonly value: T;
  readonly findings: readonly Finding[];
}

/** A parser fed line by line, so that a caller can pause in the middle of a large dump. */
export interface LineReader<T> {
  /** @param text one line without its line end. @param number counts from 0. */
  line(text: string, number: number): void;
  end(): Parsed<T>;
  /** The same as work with pauses, of a parser that has much to do once it has all lines. */
  ending?(): Work<Parsed<T>>;
}

/** One word of a line; columns as in SourceRange. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Runs a line parser over a whole text at once. */
export function parseLines<T>(text: string, parser: LineReader<T>): Parsed<T> {
  let number = 0;
  for (const line of linesOf(text)) parser.line(line, number++);
  return parser.end();
}

/**
 * The same in slices: `pause` is awaited after every `size` lines, and wherever what the parser does at
 * the end may pause, so no slice blocks for long.
 */
export async function parseLinesInSlices<T>(
  text: string,
  parser: LineReader<T>,
  pause: () => Promise<void>,
  size = 250,
): Promise<Parsed<T>> {
  let number = 0;
  for (const line of linesOf(text)) {
    parser.line(line, number++);
    if (number % size === 0) await pause();
  }
  return parser.ending ? finishWith(parser.ending(), pause) : parser.end();
}

/** The lines of a text without their ends, counted as VS Code does; no empty line after the last end. */
export function* linesOf(text: string): Generator<string> {
  const ends = /\r\n|\r|\n/g;
  let start = 0;
  for (let end = ends.exec(text); end; end = ends.exec(text)) {
    yield text.slice(start, end.index);
    start = ends.lastIndex;
  }
  if (start < text.length) yield text.slice(start);
}

/** The words of a line; a double-quoted part belongs to its word: `comment "two words"`. */
export function wordsOf(line: string): Word[] {
  const words: Word[] = [];
  for (const match of line.matchAll(/(?:"(?:\\.|[^"\\])*(?:"|\\?$)|[^\s"])+/g)) {
    words.push({ text: match[0], start: match.index, end: match.index + match[0].length });
  }
  return words;
}

/** The range of a whole line without the blanks around it. */
export function lineRange(source: string, line: number, text: string): SourceRange {
  const start = text.length - text.trimStart().length;
  return { source, line, start, end: Math.max(start, text.trimEnd().length) };
}

/** `unknown-line`: a line that the format does not have. What is said of it ends in the sentence's dot. */
export function unknownLine(range: SourceRange, format: string): Finding {
  const message = l10n.t`This line is not understood as part of ${format}; it is left out.`;
  return { severity: 'warning', code: 'unknown-line', message, range };
}
