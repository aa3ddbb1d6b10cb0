import type { Elements, PlainElements } from '../../../core/rules/set';
import type { Lines } from '../../textLines';
import type { ElementTypes } from '../expressions/element';
import { countElements, readElements, readInPieces } from '../expressions/elements';
import { arePlain, plainKeysOn, plainLengths } from '../expressions/plainKeys';
import { linesText } from '../structure/statementText';
import { linePieces, type LinePiece } from '../text/linePieces';
import { lineText, partOf } from '../text/reader';
import type { CommandRule } from '../structure/commands';
import { withoutShell } from '../structure/commands';

/** The lines that elements stand on; `end` is one after the last. */
export interface ElementLines {
  readonly first: number;
  readonly end: number;
}

/**
 * Elements that are read from their lines each time that they are gone over: nothing is kept of them.
 *
 * @param listed the lines from `elements = {` on
 * @param added `add element` commands, from the brace on
 */
export function listedElements(
  source: string,
  lines: Lines,
  {
    listed,
    added,
    types,
  }: {
    readonly listed: ElementLines | undefined;
    readonly added: readonly CommandRule[];
    readonly types: ElementTypes;
  },
): Elements {
  let count: number | undefined;
  return {
    get length() {
      count ??=
        (listed ? countElements(elementTexts(lines, listed)) : 0) +
        added.reduce((sum, { line }) => {
          return sum + countElements(elementTexts(lines, { first: line, end: line + 1 }));
        }, 0);
      return count;
    },
    ...(listed && added.length === 0 && arePlain(types.key)
      ? { plain: plainElements(source, lines, listed, { ...types, key: types.key }) }
      : {}),
    *[Symbol.iterator]() {
      for (let line = listed?.first ?? 0; listed && line < listed.end;) {
        const end = elementsEnd(lines, line, listed);
        const text = linesText(source, lines, line, end);
        yield* end === line + 1 ? readInPieces(text, types) : readElements(text, types);
        line = end;
      }
      for (const { line, column } of added) {
        const text = withoutShell(lines.line(line)).slice(column);
        yield* readInPieces(lineText(source, line, column, text), types);
      }
    },
  };
}

/** nft ends each line behind an element; of others, one may go over several. */
function elementsEnd(lines: Lines, line: number, { end: last }: ElementLines): number {
  let end = line + 1;
  while (end < last && !/[,{}]\s*$/.test(lines.line(end - 1))) end++;
  return end;
}

/** The same elements by their keys; what is not of single values is read at once. */
function plainElements(
  source: string,
  lines: Lines,
  listed: ElementLines,
  types: ElementTypes & { readonly key: readonly string[] },
): PlainElements {
  /** Places below 0 are pieces of lines with several. */
  const pieces: (LinePiece & { readonly line: number })[] = [];
  const read = (place: number) => {
    const piece = pieces[-place - 1];
    if (piece) {
      const { line, start, end } = piece;
      return [...readElements(partOf(linesText(source, lines, line, line + 1), start, end), types)];
    }
    const end = elementsEnd(lines, place, listed);
    return [...readElements(linesText(source, lines, place, end), types)];
  };
  return {
    lengths: plainLengths(types.key),
    *parts() {
      for (let line = listed.first; line < listed.end;) {
        const end = elementsEnd(lines, line, listed);
        const text = lines.line(line);
        const from = line === listed.first ? text.indexOf('{') + 1 : 0;
        for (const piece of end === line + 1 ? linePieces(text) : []) {
          const whole = piece.end - piece.start === text.length;
          const place = whole ? line : -pieces.push({ line, ...piece });
          const written = whole ? text : text.slice(piece.start, piece.end);
          const keys = plainKeysOn(written, piece.start === 0 ? from : 0, types.key);
          yield keys ? { keys, place } : { elements: read(place) };
        }
        if (end > line + 1) yield { elements: read(line) };
        line = end;
      }
    },
    at: read,
  };
}

/** The texts of lines of elements, without what stands before their brace. */
function* elementTexts(lines: Lines, { first, end }: ElementLines): Generator<string> {
  const text = lines.line(first);
  yield text.slice(text.indexOf('{') + 1);
  for (let line = first + 1; line < end; line++) yield lines.line(line);
}
