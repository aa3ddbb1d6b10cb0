import type { Address } from '../../address';
import type { Pattern } from '../../rules/value';
import type { Work } from '../../work';

/** A value that can be compared: of IPv6 128 bits. */
export type Bound = number | bigint;

/** Both ends included. */
export interface Bounds {
  readonly from: Bound;
  readonly to: Bound;
}

/** The ends of an interval; of what is none, an empty one. */
export function bounds(pattern: Pattern): Bounds {
  switch (pattern.kind) {
    case 'numbers':
      return pattern;
    case 'addresses':
      return { from: addressBound(pattern.from), to: addressBound(pattern.to) };
    default:
      return { from: 1, to: 0 };
  }
}

export function addressBound({ family, words }: Address): Bound {
  if (family === 4) return words[0]!;
  return words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
}

interface Entry<T> {
  readonly intervals: readonly Bounds[];
  readonly element: T;
}

/** Elements of one or several intervals, sorted by the first of them. */
export class IntervalList<T> {
  private readonly entries: Entry<T>[] = [];
  /** For each entry the farthest end of it and all before: where a search to the left may stop. */
  private readonly reach: Bound[] = [];

  add(intervals: readonly Bounds[], element: T): void {
    this.entries.push({ intervals, element });
  }

  /** To be called once, before the first `find`. */
  *close(): Work<void> {
    const { entries, reach } = this;
    const sorted = entries.every((entry, i) => i === 0 || start(entries[i - 1]!) <= start(entry));
    if (!sorted) {
      entries.sort((left, right) => {
        const [a, b] = [start(left), start(right)];
        return a < b ? -1 : a > b ? 1 : 0;
      });
    }
    yield;
    for (const { intervals } of entries) {
      const { to } = intervals[0]!;
      const before = reach.at(-1);
      reach.push(before !== undefined && before > to ? before : to);
    }
  }

  /** The element that holds the values, of several that with the last beginning. */
  find(values: readonly Bound[]): T | undefined {
    const [first] = values;
    if (first === undefined) return undefined;
    for (let i = this.lastFrom(first); i >= 0 && this.reach[i]! >= first; i--) {
      const { intervals, element } = this.entries[i]!;
      if (intervals.every(({ from, to }, k) => from <= values[k]! && values[k]! <= to)) {
        return element;
      }
    }
    return undefined;
  }

  /** The last entry that begins at or before the value; -1 for none. */
  private lastFrom(value: Bound): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (start(this.entries[middle]!) <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function start<T>({ intervals }: Entry<T>): Bound {
  return intervals[0]!.from;
}
