import type { Lines } from './textLines';

/** What is kept of every line of a text, brought up to date by the edited lines alone. */
export interface EditableIndex {
  readonly count: number;
  append(text: string): void;
  /** Replaces `removed` lines from `start` on by lines of these texts. */
  edit(start: number, removed: number, texts: readonly string[]): void;
}

/** Fills an empty index at once: some 100 ms for 100,000 lines, so not in the extension host. */
export function fillIndex<Index extends EditableIndex>(index: Index, lines: Lines): Index {
  for (let i = 0; i < lines.count; i++) index.append(lines.line(i));
  return index;
}

/**
 * The same in slices of about `slice` milliseconds, with `pause` awaited in between.
 * Gives undefined when `signal` says stop.
 */
export async function fillIndexInSlices<Index extends EditableIndex>(
  index: Index,
  lines: Lines,
  pause: () => Promise<void>,
  { slice = 20, signal }: { slice?: number; signal?: AbortSignal } = {},
): Promise<Index | undefined> {
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
