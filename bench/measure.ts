import type { Work } from '../src/core/work';

/** The median of some numbers; the upper one of an even count. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((left, right) => left - right)[numbers.length >> 1] ?? NaN;
}

/** Milliseconds of each run. */
export function times(runs: number, run: (i: number) => unknown): number[] {
  return Array.from({ length: runs }, (_, i) => {
    const started = performance.now();
    run(i);
    return performance.now() - started;
  });
}

/**
 * Runs work to its end: what it gives, and the milliseconds of all of it and of the longest piece
 * between two yields.
 *
 * @param now the clock, in milliseconds
 */
export function inPieces<T>(
  work: Work<T>,
  now: () => number = () => performance.now(),
): { readonly value: T; readonly total: number; readonly longest: number } {
  const begun = now();
  let longest = 0;
  for (;;) {
    const before = now();
    const step = work.next();
    longest = Math.max(longest, now() - before);
    if (step.done) return { value: step.value, total: now() - begun, longest };
  }
}

/**
 * Bytes that `make` leaves behind, in the heap and in typed arrays; NaN without --expose-gc. What it
 * gives is returned, so that it is not collected before it is counted.
 */
export function bytesOf<T>(make: () => T): { readonly value: T; readonly bytes: number } {
  const used = () => {
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = used();
  const value = make();
  const bytes = used() - before;
  return { value, bytes: globalThis.gc ? bytes : NaN };
}

/** Rows of cells as aligned text: the first column to the left, numbers to the right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `0.034 ms`, `1.2 ms`, `450 ms`. */
export function formatMs(ms: number): string {
  return `${ms < 0.1 ? ms.toFixed(3) : ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`;
}

export function formatMb(bytes: number): string {
  return Number.isNaN(bytes) ? 'no --expose-gc' : `${(bytes / 1e6).toFixed(1)} MB`;
}
