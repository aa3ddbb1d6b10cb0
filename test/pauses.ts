import type { Work } from '../src/core/work';

/** What work gives, and how often it let others in. */
export function withPauses<T>(work: Work<T>): { readonly value: T; readonly pauses: number } {
  for (let pauses = 0; ; pauses++) {
    const step = work.next();
    if (step.done) return { value: step.value, pauses };
  }
}
