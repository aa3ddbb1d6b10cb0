/** Characters that are read at once: some hundred elements, which take a few milliseconds. */
export const pieceLength = 8192;

/** A stretch of a line, end exclusive. */
export interface LinePiece {
  readonly start: number;
  readonly end: number;
}

/**
 * A line of elements in pieces that end behind a comma, up to the brace behind the last element: people
 * and programs write sets of thousands in one line.
 */
export function* linePieces(text: string): Generator<LinePiece, void> {
  let start = 0;
  if (text.length > pieceLength) {
    let quoted = false;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 34) quoted = !quoted;
      else if (quoted) continue;
      else if (code === 125) {
        yield { start, end: at + 1 };
        return;
      } else if (code === 44 && at - start >= pieceLength) {
        yield { start, end: at + 1 };
        start = at + 1;
      }
    }
  }
  yield { start, end: text.length };
}

/** The piece that a column is in; the last one for what stands behind it. */
export function pieceAt(text: string, column: number): LinePiece {
  let found: LinePiece = { start: 0, end: text.length };
  for (const piece of linePieces(text)) {
    found = piece;
    if (column < piece.end) break;
  }
  return found;
}
