/** What stands for a secret in the texts that are shown. */
export const leftOut = '(left out)';

/** A stretch of a text, as offsets; its end is not in it. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** The text with each of the parts left out, once; where parts overlap, the first counts. */
export function withoutParts(text: string, some: readonly (Part | undefined)[]): string {
  const parts = some.filter((part) => part !== undefined);
  if (parts.length === 0) return text;
  let kept = '';
  let done = 0;
  for (const { start, end } of parts.toSorted((a, b) => a.start - b.start)) {
    if (start < done || end <= start || text.startsWith(leftOut, start)) continue;
    kept += text.slice(done, start) + leftOut;
    done = end;
  }
  return kept + text.slice(done);
}

export function nonEmpty(start: number, end: number): Part | undefined {
  return end > start && start >= 0 ? { start, end } : undefined;
}

export function isQuote(character: string | undefined): boolean {
  return character === '"' || character === "'" || character === '`';
}

export function skipBlanks(text: string, from: number): number {
  return skip(text, from, ' \t');
}

export function skip(text: string, from: number, characters: string): number {
  let at = from;
  while (at < text.length && characters.includes(text[at]!)) at++;
  return at;
}

export function indexOrEnd(text: string, part: string, from: number): number {
  const at = text.indexOf(part, from);
  return at < 0 ? text.length : at;
}

/**
 * The lines of YAML below a key that are indented more than it.
 *
 * @param key where the key stands
 * @param at the end of its line
 */
export function blockBelow(text: string, key: number, at: number): Part | undefined {
  if (text[at] !== '\n' && !text.startsWith('\r\n', at)) return undefined;
  const indent = key - (text.lastIndexOf('\n', key) + 1);
  let end = at;
  for (;;) {
    const line = text.indexOf('\n', end) + 1;
    if (line === 0) return nonEmpty(at, text.length);
    const depth = /^ */.exec(text.slice(line, line + 200))![0].length;
    if (depth <= indent && text[line + depth]?.trim()) return nonEmpty(at, line - 1);
    end = line;
  }
}

/** One word in a line of its own, or a list of such, as YAML has them below a name: `tokens:`, `- x`. */
export function wordsBelow(text: string, at: number): Part | undefined {
  const word = /\r?\n[ \t]{1,64}(?=[^\s:#[{-][^\s:]{0,4096}[ \t]*(?:\r?\n|$))/y;
  word.lastIndex = at;
  if (word.test(text)) return nonEmpty(word.lastIndex, wordEnd(text, word.lastIndex));
  const item = /\r?\n[ \t]{0,64}- (?=[^\s:#[{-][^\s:]{0,4096}[ \t]*(?:\r?\n|$))/y;
  let [start, end] = [0, 0];
  for (item.lastIndex = at; item.test(text); item.lastIndex = end) {
    start ||= item.lastIndex;
    end = wordEnd(text, item.lastIndex);
  }
  return nonEmpty(start, end);
}

function wordEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && text[end]!.trim() !== '') end++;
  return end;
}

export function lineEnd(text: string, from: number): number {
  return indexOrEnd(text, '\n', from);
}
