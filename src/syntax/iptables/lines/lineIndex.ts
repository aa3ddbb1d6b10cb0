import { lineKinds, type LineKind } from './lineKind';
import { fillIndex, fillIndexInSlices } from '../../indexLines';
import { KindIndex } from '../../kindIndex';
import { type Lines } from '../../textLines';
import { scanLine } from './scanLine';
import { emptyScan } from './scannedLine';

/** What every line of a dump is, and which names stand on it: 9 bytes a line. */
export class LineIndex extends KindIndex<LineKind, Int32Array> {
  private readonly scan = emptyScan();

  constructor(capacity = 1024) {
    super(lineKinds, capacity, new Int32Array(capacity));
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

  protected set(line: number, text: string): void {
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
