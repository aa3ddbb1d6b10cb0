/**
 * Work that may take long: it yields every few milliseconds, so that whoever runs it can let other
 * work go first, or stop it.
 */
export type Work<T> = Generator<undefined, T>;

/** Runs work to its end in one piece. */
export function finish<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
