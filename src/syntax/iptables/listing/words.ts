import type { Value } from '../ruleLine';

/** The words behind the columns of an `iptables -L` row, read from left to right. */
export class Words {
  private at = 0;

  constructor(private readonly words: readonly Value[]) {}

  get done(): boolean {
    return this.at >= this.words.length;
  }

  /** The text of the next word, or of a later one; empty behind the end. */
  peek(ahead = 0): string {
    return this.words[this.at + ahead]?.text ?? '';
  }

  /** The next word, which is then read. */
  next(): string {
    return this.words[this.at++]?.text ?? '';
  }

  /** Reads these words if they are the next ones. */
  skip(...texts: readonly string[]): boolean {
    if (!texts.every((text, i) => this.peek(i) === text)) return false;
    this.at += texts.length;
    return true;
  }

  /** Reads `KEY VALUE` if `KEY` is the next word: gives the value. */
  after(...key: readonly string[]): string | undefined {
    return this.skip(...key) ? this.next() : undefined;
  }

  /** All that is left, read. */
  rest(): string {
    const words = this.words.slice(this.at).map(({ text }) => text);
    this.at = this.words.length;
    return words.join(' ');
  }

  /** A place to come back to. */
  get mark(): number {
    return this.at;
  }

  reset(mark: number): void {
    this.at = mark;
  }

  /** The columns from a mark to the last word that was read. */
  columns(mark: number): { readonly start: number; readonly end: number } {
    const first = this.words[Math.min(mark, this.words.length - 1)];
    const last = this.words[Math.max(this.at - 1, mark)] ?? first;
    return { start: first?.start ?? 0, end: last?.end ?? 0 };
  }
}
