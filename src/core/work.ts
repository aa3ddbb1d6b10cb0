/**
 * Work that may take long: it yields every few milliseconds, so that whoever runs it can let other
 * work go first, or stop it.
 */
export type Work<T> = Generator<undefined, T>;

/** So many items of a long list are gone through between two yields: some milliseconds of what is done with each. */
export const itemsAtOnce = 64;

/** What each item of a long list becomes, or what is done with it, with a yield now and then. */
export function* mapInPieces<T, U>(items: Iterable<T>, become: (item: T) => U): Work<U[]> {
  const all: U[] = [];
  for (const item of items) {
    all.push(become(item));
    if (all.length % itemsAtOnce === 0) yield;
  }
  return all;
}

/** Runs work to its end, with `pause` awaited at every yield. */
export async function finishWith<T>(work: Work<T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await pause();
  }
}

/** Runs work to its end in one piece. */
export function finish<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
