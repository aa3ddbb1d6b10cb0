import type { Work } from '../../core/work';
import type { TakenLine } from './cut';

/** The others are of the character behind the backslash. */
const escapes: ReadonlyMap<string, string> = new Map([
  ['t', '\t'],
  ['r', ''],
  ['b', ''],
  ['f', ''],
]);

/** A dump of megabytes may stand in one string. */
const linesAtOnce = 4096;

/** What the agent of a cloud puts around the output that it hands on. */
const around = /^\[(?:stdout|stderr)\]\s*$|^Enable succeeded:/;

/**
 * The lines of a string's text, without its quotes.
 *
 * @param line where the string stands
 * @param column of its first character
 */
export function* unescaped(body: string, line: number, column: number): Work<readonly TakenLine[]> {
  if (!body.includes('\\')) return body === '' ? [] : [{ text: body, line, column }];
  const lines: TakenLine[] = [];
  let own = '';
  let start = 0;
  for (const { 0: part, index } of body.matchAll(/\\u[\da-fA-F]{4}|\\.|[^\\]+/g)) {
    if (part === '\\n') {
      lines.push({ text: own, line, column: column + start });
      if (lines.length % linesAtOnce === 0) yield;
      own = '';
      start = index + 2;
    } else if (part.length === 6 && part.startsWith('\\u')) {
      own += String.fromCharCode(parseInt(part.slice(2), 16));
    } else own += part.startsWith('\\') ? (escapes.get(part[1]!) ?? part[1]!) : part;
  }
  if (own !== '') lines.push({ text: own, line, column: column + start });
  return lines.filter(({ text }) => !around.test(text));
}
