import { setImmediate as pause } from 'node:timers/promises';

/** Characters, and bytes, that are worked on before others get a turn: some milliseconds. */
const pieceLength = 1024 * 1024;

/**
 * Regroups a text into pieces of whole lines, about a megabyte each, and lets others work in
 * between: one search or one encoding of 100 MB blocks for a quarter of a second.
 *
 * @param parts split anywhere
 */
export async function* wholeLines(
  parts: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<string> {
  let held: string[] = [];
  let length = 0;
  for await (const part of inPieces(parts)) {
    held.push(part);
    length += part.length;
    if (length < pieceLength) continue;
    const text = held.join('');
    const end = text.lastIndexOf('\n') + 1;
    held = [text.slice(end)];
    length = text.length - end;
    if (end === 0) continue;
    yield text.slice(0, end);
    await pause();
  }
  const rest = held.join('');
  if (rest !== '') yield rest;
}

async function* inPieces(parts: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  for await (const part of parts) {
    for (let at = 0; at < part.length; at += pieceLength) {
      yield part.length <= pieceLength ? part : part.slice(at, at + pieceLength);
    }
  }
}

/** UTF-8 of a text that comes in pieces. */
export async function encode(pieces: AsyncIterable<string>): Promise<Uint8Array> {
  const encoded: Buffer[] = [];
  let length = 0;
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece);
    encoded.push(bytes);
    length += bytes.length;
  }
  const all = Buffer.allocUnsafe(length);
  let at = 0;
  for (const bytes of encoded) {
    at += bytes.copy(all, at);
    await pause();
  }
  return all;
}
