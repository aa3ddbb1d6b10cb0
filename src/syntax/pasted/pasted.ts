import * as l10n from '@vscode/l10n';
import type { Finding } from '../../core/finding';
import type { SourceRange } from '../../core/source';
import { workOfLast } from '../../core/once';
import { finish, mapInPieces, type Work } from '../../core/work';
import { linesOf } from '../lines';
import { withoutCells } from './cells';
import { withChainHeads } from './chainHeads';
import { hasOddCharacters, plainCharacters } from './characters';
import { mayBeNumbered, withoutLineNumbers } from './lineNumbers';
import { newerOfPlain, newerOfUnified, type NewerSide } from './diff';
import { hasMargins, withoutMargins } from './margins';
import type { TakenLine } from './cut';
import { lineByLine } from './lineStarts';
import { mayRunTogether, takenApart } from './nft/apart';
import { withMaps } from './nft/strayElements';
import { withoutPager } from './pager';
import { withoutPrefixes } from './prefixes';
import { rangeInLine } from './rangeInLine';
import { linesOfStrings } from './strings';
import { unwrapped } from './wrapping';

/** Nobody pastes more by hand, in characters. */
const mostPasted = 4 << 20;

/** Nor so much on one line. */
const mostTogether = 1 << 18;

/** A dump as the command printed it, out of a text that was pasted. */
export interface Pasted {
  readonly text: string;
  /** Of a diff: the lines of `text` that were left out, since only the older of its two dumps has them. */
  readonly older: readonly number[];
  /** Where in the text that reached us a range of `text` stands. */
  original(range: SourceRange): SourceRange;
}

/**
 * A dump as the command printed it, from the text that reached us: out of a ticket, a mail, a web page
 * or a terminal, with colours, quotes, line numbers, fences, an indentation, cut at the terminal's
 * width, in strings of JSON, or with lines that ran together. But for the last two, every line keeps its
 * number.
 *
 * @returns the same text where nothing of that is in it, and where it is too long to be pasted
 */
export function* pastedInPieces(text: string): Work<Pasted> {
  if (text.length > mostPasted) return { text, older: [], original: same };
  const strings = yield* linesOfStrings(text);
  yield;
  const before = strings ? strings.map((one) => one.text) : [...linesOf(text)];
  yield;
  const { lines: plain, older } = yield* plainLines(strings ? before.join('\n') : text, before);
  yield;
  const apart = text.length > mostTogether ? undefined : apartFrom(plain);
  const lines = apart ? apart.map((one) => one.text) : plain;
  const changed = lines.length !== before.length || lines.some((line, i) => line !== before[i]);
  if (!changed && !strings) return { text, older, original: same };
  return {
    text: `${lines.join('\n')}\n`,
    older,
    original: (range) => {
      const found = inRaw(apart ? together(range, apart) : range, before, plain);
      return strings ? together(found, strings) : found;
    },
  };
}

/** The same, once where it is asked for again and again: of a text that holds the dumps of many nodes. */
export const pastedOnce = workOfLast(pastedInPieces);

/** The same in one piece, for short texts and for whom nobody waits. */
export function readPasted(text: string): Pasted {
  return finish(pastedInPieces(text));
}

/** That of a diff the newer side alone was read; undefined for another text. */
export function olderSideNote(source: string, { older }: Pasted): Finding | undefined {
  const [line] = older;
  if (line === undefined) return undefined;
  const message = l10n.t`This is a diff of two dumps: the newer counts, and ${older.length} lines that only the older has were left out.`;
  const range = { source, line, start: 0, end: 0 };
  return { severity: 'information', code: 'older-dump', message, range };
}

/** `readPasted` for whom places are of no matter. */
export function pastedText(text: string): string {
  return readPasted(text).text;
}

/** undefined where no lines ran together, and none stand without the block that they are of. */
function apartFrom(lines: readonly string[]): readonly TakenLine[] | undefined {
  if (mayRunTogether(lines.join('\n'))) return takenApart(lines);
  const apart = lineByLine(lines);
  return apart.length === lines.length ? (withMaps(lines) ?? withChainHeads(lines)) : apart;
}

function same(range: SourceRange): SourceRange {
  return range;
}

/** Each step goes over all lines, which takes 5 to 20 ms of four megabytes. */
function* plainLines(text: string, before: readonly string[]): Work<NewerSide> {
  let lines = before;
  const odd = hasOddCharacters(text);
  if (odd) lines = yield* mapInPieces(lines, plainCharacters);
  yield;
  const plain = odd ? lines.join('\n') : text;
  // Before quotes are taken away, which begin as its lines do.
  const changes = newerOfPlain(lines);
  yield;
  if (!changes && hasMargins(plain)) lines = withoutMargins(lines);
  yield;
  const { older, ...newer } = changes ?? newerOfUnified(lines) ?? { lines, older: [] };
  ({ lines } = newer);
  for (const without of [withoutPager, withoutCells, withoutPrefixes]) {
    yield;
    lines = without(lines);
  }
  yield;
  if (mayBeNumbered(plain)) lines = withoutLineNumbers(lines);
  yield;
  return { lines: unwrapped(lines), older };
}

/** A range of a line that was taken from another, in that one. */
function together(range: SourceRange, apart: readonly TakenLine[]): SourceRange {
  const { line, column } = apart[range.line] ?? { line: range.line, column: 0 };
  return { ...range, line, start: column + range.start, end: column + range.end };
}

function inRaw(range: SourceRange, raw: readonly string[], plain: readonly string[]): SourceRange {
  return rangeInLine(range, raw[range.line] ?? '', plain[range.line] ?? '');
}
