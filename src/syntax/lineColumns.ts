/** Numbers of every line of a text, column by column: an edit costs one move of each array. */
export type Column = Uint8Array | Int8Array | Int32Array;

/** Arrays of the same length that grow and are edited together. */
export class LineColumns<Columns extends readonly Column[]> {
  private length = 0;

  /** @param columns empty ones of one capacity; they are replaced when it is used up. */
  constructor(public columns: Columns) {}

  /** How many lines there are. */
  get count(): number {
    return this.length;
  }

  /** Adds a line, and gives its number. */
  append(): number {
    this.reserve(this.length + 1);
    return this.length++;
  }

  /**
   * Makes room for `added` lines in place of `removed` ones from `start` on, as far as there are
   * that many; gives the number of the first. What the columns hold there is left from before.
   */
  edit(start: number, removed: number, added: number): number {
    const from = Math.min(Math.max(start, 0), this.length);
    const cut = Math.min(Math.max(removed, 0), this.length - from);
    this.reserve(this.length - cut + added);
    if (cut !== added) {
      for (const column of this.columns) {
        column.copyWithin(from + added, from + cut, this.length);
      }
    }
    this.length += added - cut;
    return from;
  }

  private reserve(count: number): void {
    const held = this.columns[0]!.length;
    if (count <= held) return;
    const capacity = Math.max(count, Math.ceil(held * 1.5));
    this.columns = this.columns.map((column) => grown(column, capacity)) as unknown as Columns;
  }
}

function grown(from: Column, capacity: number): Column {
  const to = new (from.constructor as new (length: number) => Column)(capacity);
  to.set(from);
  return to;
}
