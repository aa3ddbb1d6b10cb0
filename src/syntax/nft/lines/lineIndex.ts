import { fillIndex } from '../../indexLines';
import { KindIndex } from '../../kindIndex';
import type { Lines } from '../../textLines';
import { lineKinds, type LineKind } from './lineKind';
import { emptyScan, scanLine } from './scanLine';

/** What every line of an nft listing is, what it declares and how many braces it opens: 6 bytes a line. */
export class NftLineIndex extends KindIndex<LineKind, Int8Array> {
  private readonly scan = emptyScan();

  constructor(capacity = 1024) {
    super(lineKinds, capacity, new Int8Array(capacity));
  }

  /** The table, chain, set, map or object that the line declares, as a number of `names`. */
  name(line: number): number {
    return this.lines.columns[1][line] ?? 0;
  }

  /** How many braces the line opens more than it closes, from -128 to 127. */
  braces(line: number): number {
    return this.lines.columns[2][line] ?? 0;
  }

  protected set(line: number, text: string): void {
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
