import type { SourceRange } from '../../../core/source';
import { tokensOf, type Token } from './tokens';

/** The text of one statement, and where in the dump its offsets are. */
export interface StatementText {
  readonly text: string;
  /** A stretch that goes over several lines is that of its first line. */
  range(start: number, end: number): SourceRange;
}

/** Text that stands on one line of a dump, from the column `column` on. */
export function lineText(
  source: string,
  line: number,
  column: number,
  text: string,
): StatementText {
  return {
    text,
    range: (start, end) => ({ source, line, start: column + start, end: column + end }),
  };
}

/** A stretch of a statement as a statement of its own. */
export function partOf({ text, range }: StatementText, start: number, end: number): StatementText {
  if (start === 0 && end === text.length) return { text, range };
  return { text: text.slice(start, end), range: (from, to) => range(start + from, start + to) };
}

/** Where in a statement reading has come to. */
export class Reader {
  at = 0;
  private lastBrace: number | undefined;

  constructor(
    readonly statement: StatementText,
    readonly tokens: readonly Token[] = tokensOf(statement.text),
  ) {}

  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  /** Whether a `}` is still to come: without one nothing that opens now will close. */
  get closes(): boolean {
    this.lastBrace ??= this.tokens.findLastIndex(({ text }) => text === '}');
    return this.lastBrace >= this.at;
  }

  token(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  /** The word or sign; the empty string for a text in quotes and behind the end. */
  word(ahead = 0): string {
    const token = this.tokens[this.at + ahead];
    return token && token.kind !== 'string' ? token.text : '';
  }

  /** Goes over these words or signs when they are the next ones. */
  take(...words: readonly string[]): boolean {
    if (!words.every((word, i) => this.word(i) === word)) return false;
    this.at += words.length;
    return true;
  }

  /** Goes over one of these words. */
  takeOneOf<Word extends string>(words: readonly Word[]): Word | undefined {
    const found = words.find((word) => this.word() === word);
    if (found !== undefined) this.at++;
    return found;
  }

  /** Goes over a number in decimal or hexadecimal. */
  takeNumber(): number | undefined {
    const number = numberOf(this.word());
    if (number !== undefined) this.at++;
    return number;
  }

  /** Goes over a text in quotes, or one word. */
  takeText(): string | undefined {
    const token = this.token();
    if (!token || token.kind === 'sign') return undefined;
    this.at++;
    return token.text;
  }

  /** The stretch from a token on to the one that was read last. */
  range(from: number): SourceRange {
    const { start } = this.tokens[from] ?? { start: this.statement.text.length };
    return this.statement.range(start, Math.max(start, this.end));
  }

  /** The same as text, as written. */
  text(from: number): string {
    const { start } = this.tokens[from] ?? { start: this.statement.text.length };
    return this.statement.text.slice(start, Math.max(start, this.end));
  }

  private get end(): number {
    return this.tokens[this.at - 1]?.end ?? 0;
  }
}

/** `80`, `0x00004000`; undefined for what is no whole number. */
export function numberOf(text: string): number | undefined {
  return /^(\d{1,15}|0[xX][\da-fA-F]{1,8})$/.test(text) ? Number(text) : undefined;
}
