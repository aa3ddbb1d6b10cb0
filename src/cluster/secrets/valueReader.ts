import { indexOrEnd, isQuote, leftOut, nonEmpty, skip, type Part } from './parts';

/**
 * Reads the values of one text. A stretch without quotes is looked through once, however many names in it
 * are followed by its rest: `name=name=name=`.
 */
export class ValueReader {
  private stretch: Part = { start: 0, end: 0 };

  constructor(readonly text: string) {}

  /**
   * A value that begins at an offset: in quotes without them, also in those of JSON in JSON (`\"x\"`,
   * `\\\"x\\\"`), else to the next blank or sign of punctuation.
   *
   * @returns undefined where nothing stands there, or what is left out already
   */
  valueAt(at: number): Part | undefined {
    const { text } = this;
    if (at >= text.length || text.startsWith(leftOut, at)) return undefined;
    const behindEscapes = skip(text, at, '\\');
    if (behindEscapes > at && behindEscapes - at < 16 && text[behindEscapes] === '"') {
      const start = behindEscapes + 1;
      return nonEmpty(start, indexOrEnd(text, text.slice(at, start), start));
    }
    const quote = text[at]!;
    if (isQuote(quote)) return nonEmpty(at + 1, closingQuote(text, quote, at + 1));
    return nonEmpty(at, this.stretchEnd(at));
  }

  private stretchEnd(at: number): number {
    const { start, end } = this.stretch;
    if (at >= start && at < end) return end;
    let next = at;
    // A shell's word goes on behind an escaped blank.
    while (next < this.text.length && !/[\s,;&"'`)}\]]/.test(this.text[next]!)) {
      next += this.text.startsWith('\\ ', next) ? 2 : 1;
    }
    this.stretch = { start: at, end: next };
    return next;
  }
}

function closingQuote(text: string, quote: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1;
  return Math.min(at, text.length);
}
