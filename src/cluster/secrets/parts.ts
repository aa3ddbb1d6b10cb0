/** What stands for a secret in the texts that are shown. */
const leftOut = '(left out)';

/** A stretch of a text, as offsets; its end is not in it. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** The text with each of the parts left out, once; where parts overlap, the first counts. */
export function withoutParts(text: string, parts: readonly Part[]): string {
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

/**
 * A value that begins at an offset: in quotes without them, also in those of JSON in JSON (`\"x\"`,
 * `\\\"x\\\"`), else to the next blank or sign of punctuation.
 *
 * @returns undefined where nothing stands there, or what is left out already
 */
export function valueAt(text: string, at: number): Part | undefined {
  if (at >= text.length || text.startsWith(leftOut, at)) return undefined;
  const behindEscapes = skip(text, at, '\\');
  if (behindEscapes > at && behindEscapes - at < 16 && text[behindEscapes] === '"') {
    const start = behindEscapes + 1;
    return nonEmpty(start, indexOrEnd(text, text.slice(at, start), start));
  }
  const quote = text[at]!;
  if (isQuote(quote)) return nonEmpty(at + 1, closingQuote(text, quote, at + 1));
  let end = at;
  while (end < text.length && !/[\s,;&"'`)}\]]/.test(text[end]!)) end++;
  return nonEmpty(at, end);
}

export function nonEmpty(start: number, end: number): Part | undefined {
  return end > start && start >= 0 ? { start, end } : undefined;
}

function closingQuote(text: string, quote: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1;
  return Math.min(at, text.length);
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

export function lineEnd(text: string, from: number): number {
  return indexOrEnd(text, '\n', from);
}
