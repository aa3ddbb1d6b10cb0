import { fillIndex, type EditableIndex } from '../../indexLines';
import { LineColumns } from '../../lineColumns';
import { Names } from '../../names';
import type { Lines } from '../../textLines';
import { lineKinds, type LineKind } from './lineKind';
import { emptyScan, scanLine } from './scanLine';

/** What every line of an nft listing is, what it declares and how many braces it opens: 6 bytes a line. */
export class NftLineIndex implements EditableIndex {
  readonly names = new Names();
  private readonly lines: LineColumns<readonly [Uint8Array, Int32Array, Int8Array]>;
  private readonly scan = emptyScan();

  constructor(capacity = 1024) {
    this.lines = new LineColumns([
      new Uint8Array(capacity),
      new Int32Array(capacity),
      new Int8Array(capacity),
    ]);
  }

  get count(): number {
    return this.lines.count;
  }

  kind(line: number): LineKind {
    return lineKinds[this.lines.columns[0][line] ?? 0]!;
  }

  /** The line's kind as its place in `lineKinds`: for loops over all lines. */
  kindCode(line: number): number {
    return this.lines.columns[0][line]!;
  }

  /** The table, chain, set, map or object that the line declares, as a number of `names`. */
  name(line: number): number {
    return this.lines.columns[1][line] ?? 0;
  }

  /** How many braces the line opens more than it closes, from -128 to 127. */
  braces(line: number): number {
    return this.lines.columns[2][line] ?? 0;
  }

  append(text: string): void {
    this.set(this.lines.append(), text);
  }

  edit(start: number, removed: number, texts: readonly string[]): void {
    const from = this.lines.edit(start, removed, texts.length);
    texts.forEach((text, i) => this.set(from + i, text));
  }

  private set(line: number, text: string): void {
    const { scan, names } = this;
    const [kinds, declared, braces] = this.lines.columns;
    scanLine(text, scan);
    kinds[line] = scan.kind;
    declared[line] = names.intern(text, scan.nameStart, scan.nameEnd, 0);
    braces[line] = Math.max(-128, Math.min(127, scan.braces));
  }
}

/** The index of a whole text at once. */
export function indexNftLines(lines: Lines): NftLineIndex {
  return fillIndex(new NftLineIndex(lines.count), lines);
}
