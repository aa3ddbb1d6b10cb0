import type { Elements, PlainElements, SetElement } from '../../../core/rules/set';
import type { Lines } from '../../textLines';
import { readElement, type ElementTypes } from '../expressions/element';
import { linesText } from '../structure/statementText';
import { lineText, Reader } from '../text/reader';
import type { CommandRule } from '../structure/commands';
import { withoutShell } from '../structure/commands';
import { linePieces, type LinePiece } from './linePieces';
import { arePlain, plainKeysOn } from './plainKeys';

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
        (listed ? countElements(lines, listed) : 0) +
        added.reduce(
          (sum, { line }) => sum + countElements(lines, { first: line, end: line + 1 }),
          0,
        );
      return count;
    },
    ...(listed && added.length === 0 && arePlain(types.key)
      ? { plain: plainElements(source, lines, listed, { ...types, key: types.key }) }
      : {}),
    *[Symbol.iterator]() {
      for (let line = listed?.first ?? 0; listed && line < listed.end;) {
        const end = elementsEnd(lines, line, listed);
        if (end === line + 1) yield* inPieces(source, line, 0, lines.line(line), types);
        else yield* lineElements(new Reader(linesText(source, lines, line, end)), types);
        line = end;
      }
      for (const { line, column } of added) {
        const text = withoutShell(lines.line(line)).slice(column);
        yield* inPieces(source, line, column, text, types);
      }
    },
  };
}

/** The elements of one line, however long it is. */
function* inPieces(
  source: string,
  line: number,
  column: number,
  text: string,
  types: ElementTypes,
): Generator<SetElement> {
  for (const { start, end } of linePieces(text)) {
    const piece = lineText(source, line, column + start, text.slice(start, end));
    yield* lineElements(new Reader(piece), types);
  }
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
      const text = lineText(source, line, start, lines.line(line).slice(start, end));
      return [...lineElements(new Reader(text), types)];
    }
    const end = elementsEnd(lines, place, listed);
    return [...lineElements(new Reader(linesText(source, lines, place, end)), types)];
  };
  return {
    lengths: types.key.map((type) =>
      type === 'ipv4_addr' ? 32 : type === 'ipv6_addr' ? 128 : undefined,
    ),
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

/** The elements of one line, or of a few, of `elements = { ... }`. */
export function* lineElements(reader: Reader, types: ElementTypes): Generator<SetElement> {
  if (reader.take('elements')) reader.take('=');
  reader.take('{');
  while (!reader.done) {
    if (reader.take(',')) continue;
    // The brace of the elements, and on the same line that of the set.
    if (reader.word() === '}') return;
    yield readElement(reader, types);
  }
}

/** Every element but the last has a comma behind it. */
function countElements(lines: Lines, { first, end }: ElementLines): number {
  let count = 0;
  let pending = false;
  for (let line = first; line < end; line++) {
    const text = lines.line(line);
    let quoted = false;
    for (let at = line === first ? text.indexOf('{') + 1 : 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 34) {
        quoted = !quoted;
        pending = true;
      } else if (quoted) continue;
      else if (code === 44) {
        count++;
        pending = false;
      } else if (code === 125) return pending ? count + 1 : count;
      else if (code > 32) pending = true;
    }
  }
  return pending ? count + 1 : count;
}
