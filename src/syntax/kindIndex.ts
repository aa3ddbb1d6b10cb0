import type { EditableIndex } from './indexLines';
import { LineColumns, type Column } from './lineColumns';
import { Names } from './names';

/**
 * What every line of a text is, a name that stands on it and one number more, in typed arrays.
 * Holds no text, so that an edit costs the edited lines and one move of the arrays.
 */
export abstract class KindIndex<Kind, Third extends Column> implements EditableIndex {
  readonly names = new Names();
  /** The place of the line's kind in `kinds`, the number of its name, and what the format needs besides. */
  protected readonly lines: LineColumns<readonly [Uint8Array, Int32Array, Third]>;

  protected constructor(
    private readonly kinds: readonly Kind[],
    capacity: number,
    third: Third,
  ) {
    this.lines = new LineColumns([new Uint8Array(capacity), new Int32Array(capacity), third]);
  }

  /** Reads one line into the columns. */
  protected abstract set(line: number, text: string): void;

  /** How many lines there are. */
  get count(): number {
    return this.lines.count;
  }

  kind(line: number): Kind {
    return this.kinds[this.lines.columns[0][line] ?? 0]!;
  }

  /** The line's kind as its place among the kinds: for loops over all lines. */
  kindCode(line: number): number {
    return this.lines.columns[0][line]!;
  }

  append(text: string): void {
    this.set(this.lines.append(), text);
  }

  edit(start: number, removed: number, texts: readonly string[]): void {
    const from = this.lines.edit(start, removed, texts.length);
    texts.forEach((text, i) => this.set(from + i, text));
  }
}
