import type { Elements, SetElement } from '../../../core/rules/set';
import type { Lines } from '../../textLines';
import { readElement, type ElementTypes } from '../expressions/element';
import { linesText } from '../structure/statementText';
import { lineText, Reader } from '../text/reader';
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
        (listed ? countElements(lines, listed) : 0) +
        added.reduce(
          (sum, { line }) => sum + countElements(lines, { first: line, end: line + 1 }),
          0,
        );
      return count;
    },
    *[Symbol.iterator]() {
      for (let line = listed?.first ?? 0; listed && line < listed.end;) {
        let end = line + 1;
        // nft ends each line behind an element; of others, one may go over several.
        while (end < listed.end && !/[,{}]\s*$/.test(lines.line(end - 1))) end++;
        yield* lineElements(new Reader(linesText(source, lines, line, end)), types);
        line = end;
      }
      for (const { line, column } of added) {
        const text = withoutShell(lines.line(line)).slice(column);
        yield* lineElements(new Reader(lineText(source, line, column, text)), types);
      }
    },
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
