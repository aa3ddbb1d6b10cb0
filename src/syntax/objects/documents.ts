import { nextLine, splitDocuments } from '../yaml/split';

/** A piece of a YAML text that can be parsed for itself. */
export interface YamlPiece {
  readonly text: string;
  /** The text's line on which it begins, from 0. */
  readonly line: number;
  /** An item of a list, or what is left of the list around its items (`kind: ServiceList`). */
  readonly role: 'document' | 'item' | 'list';
}

/**
 * Cuts YAML into its documents, and those at the items of a list as kubectl prints it, so that a large
 * file can be parsed with pauses, and a broken object does not cost the others. The list around the
 * items comes after them.
 */
export function* yamlPieces(text: string): Generator<YamlPiece> {
  let line = 0;
  let counted = 0;
  for (const { start, end } of splitDocuments(text)) {
    for (; counted < start; counted = nextLine(text, counted)) line++;
    const lines = text
      .slice(start, end)
      .replace(/\r?\n$/, '')
      .split(/\r?\n/);
    // What stands above a document's own first line is no part of it.
    const first = lines.findIndex((one) => !/^\s*(?:#|$)/.test(one));
    const above = /^\uFEFF?---\s*(?:#|$)/.test(lines[first]!) ? first + 1 : 0;
    yield* documentPieces(lines.slice(above), line + above);
  }
}

/** @param first the text's line on which the document begins */
function* documentPieces(lines: readonly string[], first: number): Generator<YamlPiece> {
  const items = lines.findIndex((line) => /^items:\s*$/.test(line));
  const indent = items < 0 ? undefined : /^( *)- /.exec(lines[items + 1] ?? '')?.[1];
  if (indent === undefined) {
    yield { text: lines.join('\n'), line: first, role: 'document' };
    return;
  }
  let line = items + 1;
  while (line < lines.length && lines[line]!.startsWith(`${indent}- `)) {
    let next = line + 1;
    while (next < lines.length && isInside(lines[next]!, indent.length)) next++;
    // The item's own dash becomes a blank, so that it stands as a document.
    const own = lines.slice(line, next).map((text) => text.slice(indent.length + 2));
    yield { text: own.join('\n'), line: first + line, role: 'item' };
    line = next;
  }
  const around = [...lines.slice(0, items), ...lines.slice(line)];
  yield { text: around.join('\n'), line: first, role: 'list' };
}

/** Blank, or further in than the dashes of the list. */
function isInside(line: string, indent: number): boolean {
  return line.trim() === '' || line.startsWith(' '.repeat(indent + 1));
}
