import { lineKinds, type LineKind } from './lineKind';
import { fillIndex, fillIndexInSlices, type EditableIndex } from '../../indexLines';
import { LineColumns } from '../../lineColumns';
import { type Lines } from '../../textLines';
import { Names } from '../../names';
import { scanLine } from './scanLine';
import { emptyScan } from './scannedLine';

/**
 * What every line of a dump is, and which names stand on it, in typed arrays: 13 bytes a line.
 * Holds no text, so that an edit costs the edited lines and one move of the arrays.
 */
export class LineIndex implements EditableIndex {
  readonly names = new Names();
  private readonly lines: LineColumns<readonly [Uint8Array, Int32Array, Int32Array]>;
  private readonly scan = emptyScan();

  constructor(capacity = 1024) {
    this.lines = new LineColumns([
      new Uint8Array(capacity),
      new Int32Array(capacity),
      new Int32Array(capacity),
    ]);
  }

  /** How many lines there are. */
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

  /** The chain that the line declares or appends to (`*nat`: the table), as a number of `names`. */
  chain(line: number): number {
    return this.lines.columns[1][line] ?? 0;
  }

  /** What the rule jumps or goes to, a chain or a target such as DNAT, as a number of `names`. */
  target(line: number): number {
    return Math.abs(this.lines.columns[2][line] ?? 0);
  }

  isGoto(line: number): boolean {
    return this.lines.columns[2][line]! < 0;
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
    const [kinds, chains, targets] = this.lines.columns;
    scanLine(text, scan);
    kinds[line] = scan.kind;
    const guess = line > 0 ? line - 1 : 0;
    chains[line] = names.intern(text, scan.chainStart, scan.chainEnd, chains[guess]!);
    const target = names.intern(text, scan.targetStart, scan.targetEnd, this.target(guess));
    targets[line] = scan.goto ? -target : target;
  }
}

/** The index of a whole text at once. */
export function indexLines(lines: Lines): LineIndex {
  return fillIndex(new LineIndex(lines.count), lines);
}

/** The same in slices; undefined when `signal` says stop. */
export function indexLinesInSlices(
  lines: Lines,
  pause: () => Promise<void>,
  options?: { slice?: number; signal?: AbortSignal },
): Promise<LineIndex | undefined> {
  return fillIndexInSlices(new LineIndex(lines.count), lines, pause, options);
}
