import type { Lines } from '../../textLines';
import { kindCode } from '../lines/lineKind';
import type { LineIndex } from '../lines/lineIndex';

/** Rules in one piece of the order: an insertion moves at most twice as many. */
const pieceLength = 512;

/**
 * The lines of a chain's rules in the order of the chain: one inserted with `-I CHAIN [NUMBER]`
 * stands where its number says, else first. The same array where none is inserted.
 *
 * @param written the lines in the order of the text
 */
export function ruleOrder(written: Uint32Array, index: LineIndex, lines: Lines): Uint32Array {
  if (!written.some((line) => index.kindCode(line) === kindCode.insert)) return written;
  const pieces: number[][] = [[]];
  for (const line of written) {
    if (index.kindCode(line) === kindCode.insert)
      insert(pieces, numberOf(lines.line(line)) - 1, line);
    else insert(pieces, Infinity, line);
  }
  return Uint32Array.from(pieces.flat());
}

/** From 1: `-I KUBE-SERVICES 3 -j ...`. */
function numberOf(text: string): number {
  const [, number = '1'] = /^\s*(?:\S+\s+)?(?:-I|--insert)\s+\S+\s+(\d+)/.exec(text) ?? [];
  return Number(number);
}

/** 20,000 insertions at the front of one array would move 200 million numbers. */
function insert(pieces: number[][], place: number, line: number): void {
  let before = 0;
  let at = 0;
  while (at < pieces.length - 1 && before + pieces[at]!.length < place) {
    before += pieces[at]!.length;
    at++;
  }
  const piece = pieces[at]!;
  piece.splice(Math.max(0, place - before), 0, line);
  if (piece.length >= 2 * pieceLength) pieces.splice(at + 1, 0, piece.splice(pieceLength));
}
