/** A piece of a YAML text that can be parsed for itself. */
export interface YamlPiece {
  readonly text: string;
  /** The text's line on which it begins, from 0. */
  readonly line: number;
  /** An item of a list, or what is left of the list around its items (`kind: ServiceList`). */
  readonly role: 'document' | 'item' | 'list';
}

/**
 * Cuts YAML at `---` and at the items of a list as kubectl prints it, so that a large file can be
 * parsed with pauses, and a broken object does not cost the others. The list around the items
 * comes after them.
 */
export function* yamlPieces(text: string): Generator<YamlPiece> {
  const lines = text.split(/\r?\n/);
  for (let start = 0; start < lines.length;) {
    let end = start;
    while (end < lines.length && !/^(---|\.\.\.)(\s|$)/.test(lines[end]!)) end++;
    if (lines.slice(start, end).some((line) => /^\s*[^\s#]/.test(line))) {
      yield* documentPieces(lines, start, end);
    }
    start = end + 1;
  }
}

function* documentPieces(
  lines: readonly string[],
  start: number,
  end: number,
): Generator<YamlPiece> {
  const items = lines.findIndex((line, i) => i >= start && i < end && /^items:\s*$/.test(line));
  const indent = items < 0 ? undefined : /^( *)- /.exec(lines[items + 1] ?? '')?.[1];
  if (indent === undefined) {
    yield { text: lines.slice(start, end).join('\n'), line: start, role: 'document' };
    return;
  }
  let line = items + 1;
  while (line < end && lines[line]!.startsWith(`${indent}- `)) {
    let next = line + 1;
    while (next < end && isInside(lines[next]!, indent.length)) next++;
    // The item's own dash becomes a blank, so that it stands as a document.
    const own = lines.slice(line, next).map((text) => text.slice(indent.length + 2));
    yield { text: own.join('\n'), line, role: 'item' };
    line = next;
  }
  const around = [...lines.slice(start, items), ...lines.slice(line, end)];
  yield { text: around.join('\n'), line: start, role: 'list' };
}

/** Blank, or further in than the dashes of the list. */
function isInside(line: string, indent: number): boolean {
  return line.trim() === '' || line.startsWith(' '.repeat(indent + 1));
}
