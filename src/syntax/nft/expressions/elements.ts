import type { Elements, PlainElements, SetElement } from '../../../core/rules/set';
import { linePieces, type LinePiece } from '../text/linePieces';
import { partOf, Reader, type StatementText } from '../text/reader';
import { readElement, type ElementTypes } from './element';
import { arePlain, plainKeysOn, plainLengths } from './plainKeys';

/** The elements of a stretch of text: of one line, or of a few, of `elements = { ... }`. */
export function* readElements(text: StatementText, types: ElementTypes): Generator<SetElement> {
  const reader = new Reader(text);
  if (reader.take('elements')) reader.take('=');
  reader.take('{');
  while (!reader.done) {
    if (reader.take(',')) continue;
    // The brace of the elements, and on the same line that of the set.
    if (reader.word() === '}') return;
    yield readElement(reader, types);
  }
}

/** The same of a text of any length, which is read in pieces. */
export function* readInPieces(text: StatementText, types: ElementTypes): Generator<SetElement> {
  for (const { start, end } of linePieces(text.text)) {
    yield* readElements(partOf(text, start, end), types);
  }
}

/**
 * Elements that stand in one text, read each time that they are gone over: nothing is kept of them.
 *
 * @param text without the braces around them
 */
export function writtenElements(text: StatementText, types: ElementTypes): Elements {
  let count: number | undefined;
  return {
    get length() {
      return (count ??= countElements([text.text]));
    },
    ...(arePlain(types.key) && { plain: plainElements(text, { ...types, key: types.key }) }),
    [Symbol.iterator]: () => readInPieces(text, types),
  };
}

/** Their places are the pieces' numbers. */
function plainElements(
  text: StatementText,
  types: ElementTypes & { readonly key: readonly string[] },
): PlainElements {
  const pieces: LinePiece[] = [];
  const read = (place: number) => {
    const { start, end } = pieces[place]!;
    return [...readElements(partOf(text, start, end), types)];
  };
  return {
    lengths: plainLengths(types.key),
    *parts() {
      for (const piece of linePieces(text.text)) {
        const place = pieces.push(piece) - 1;
        const keys = plainKeysOn(text.text.slice(piece.start, piece.end), 0, types.key);
        yield keys ? { keys, place } : { elements: read(place) };
      }
    },
    at: read,
  };
}

/** Every element but the last has a comma behind it; they end with their texts, or a brace. */
export function countElements(texts: Iterable<string>): number {
  let count = 0;
  let pending = false;
  for (const text of texts) {
    let quoted = false;
    for (let at = 0; at < text.length; at++) {
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
