import { plainText } from '../core/plainText';

/**
 * The one way to stdout: names of files and what dumps hold may have control characters, by which they would
 * write elsewhere in a terminal, or end a line and begin one that looks like ours.
 *
 * @param text lines, or a text whose line breaks are our own
 */
export function print(text: string | readonly string[]): void {
  console.log(plainLines(text));
}

/** JSON, with escapes for what a terminal would not show as it is: the value stays the same. */
export function printJson(value: unknown): void {
  const json = JSON.stringify(value, null, 2);
  console.log(json.split('\n').map(escaped).join('\n'));
}

export function plainLines(text: string | readonly string[]): string {
  const lines = typeof text === 'string' ? text.split('\n') : text;
  return lines.map(plainText).join('\n');
}

function escaped(line: string): string {
  if (plainText(line) === line) return line;
  return Array.from(line, (sign) =>
    plainText(sign) === sign ? sign : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  ).join('');
}
