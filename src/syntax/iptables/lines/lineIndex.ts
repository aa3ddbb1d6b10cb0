import { lineKinds, type LineKind } from './lineKind';
import { type Lines } from '../../textLines';
import { Names } from './names';
import { scanLine } from './scanLine';
import { emptyScan } from './scannedLine';

/**
 * What every line of a dump is, and which names stand on it, in typed arrays: 13 bytes a line.
 * Holds no text, so that an edit costs the edited lines and one move of the arrays.
 */
export class LineIndex {
  readonly names = new Names();
  private length = 0;
  private kinds: Uint8Array;
  private chains: Int32Array;
  private targets: Int32Array;
  private readonly scan = emptyScan();

  constructor(capacity = 1024) {
    this.kinds = new Uint8Array(capacity);
    this.chains = new Int32Array(capacity);
    this.targets = new Int32Array(capacity);
  }

  /** How many lines there are. */
  get count(): number {
    return this.length;
  }

  kind(line: number): LineKind {
    return lineKinds[this.kinds[line] ?? 0]!;
  }

  /** The line's kind as its place in `lineKinds`: for loops over all lines. */
  kindCode(line: number): number {
    return this.kinds[line]!;
  }

  /** The chain that the line declares or appends to (`*nat`: the table), as a number of `names`. */
  chain(line: number): number {
    return this.chains[line] ?? 0;
  }

  /** What the rule jumps or goes to, a chain or a target such as DNAT, as a number of `names`. */
  target(line: number): number {
    return Math.abs(this.targets[line] ?? 0);
  }

  isGoto(line: number): boolean {
    return this.targets[line]! < 0;
  }

  append(text: string): void {
    this.reserve(this.length + 1);
    this.set(this.length++, text);
  }

  /** Replaces `removed` lines from `start` on by lines of these texts. */
  edit(start: number, removed: number, texts: readonly string[]): void {
    const from = Math.min(Math.max(start, 0), this.length);
    const cut = Math.min(Math.max(removed, 0), this.length - from);
    this.reserve(this.length - cut + texts.length);
    if (cut !== texts.length) {
      for (const array of [this.kinds, this.chains, this.targets]) {
        array.copyWithin(from + texts.length, from + cut, this.length);
      }
    }
    this.length += texts.length - cut;
    texts.forEach((text, i) => this.set(from + i, text));
  }

  private set(line: number, text: string): void {
    const { scan, names } = this;
    scanLine(text, scan);
    this.kinds[line] = scan.kind;
    const guess = line > 0 ? line - 1 : 0;
    this.chains[line] = names.intern(text, scan.chainStart, scan.chainEnd, this.chains[guess]!);
    const target = names.intern(text, scan.targetStart, scan.targetEnd, this.target(guess));
    this.targets[line] = scan.goto ? -target : target;
  }

  private reserve(count: number): void {
    if (count <= this.kinds.length) return;
    const capacity = Math.max(count, Math.ceil(this.kinds.length * 1.5));
    this.kinds = grown(this.kinds, new Uint8Array(capacity));
    this.chains = grown(this.chains, new Int32Array(capacity));
    this.targets = grown(this.targets, new Int32Array(capacity));
  }
}

function grown<T extends Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** The index of a whole text at once: some 100 ms for 100,000 lines, so not in the extension host. */
export function indexLines(lines: Lines): LineIndex {
  const index = new LineIndex(lines.count);
  for (let i = 0; i < lines.count; i++) index.append(lines.line(i));
  return index;
}

/**
 * The same in slices of about `slice` milliseconds, with `pause` awaited in between.
 * Gives undefined when `signal` says stop.
 */
export async function indexLinesInSlices(
  lines: Lines,
  pause: () => Promise<void>,
  { slice = 20, signal }: { slice?: number; signal?: AbortSignal } = {},
): Promise<LineIndex | undefined> {
  const index = new LineIndex(lines.count);
  let started = performance.now();
  for (let i = 0; i < lines.count; i++) {
    index.append(lines.line(i));
    if (i % 512 !== 511 || performance.now() - started < slice) continue;
    await pause();
    if (signal?.aborted) return undefined;
    started = performance.now();
  }
  return index;
}
