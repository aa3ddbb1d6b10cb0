import { PairMap } from './pairMap';
import type { Work } from './work';

/** In a map, so that it may be undefined. */
interface Made<T> {
  readonly made: T;
}

/** What is worked out of an object that never changes, once, and kept as long as the object is. */
export function once<Key extends WeakKey, T>(make: (of: Key) => T): (of: Key) => T {
  const kept = new WeakMap<Key, Made<T>>();
  return (of) => {
    let found = kept.get(of);
    if (!found) kept.set(of, (found = { made: make(of) }));
    return found.made;
  };
}

/** The same of work that gives way. */
export function workOnce<Key extends WeakKey, T>(work: (of: Key) => Work<T>): (of: Key) => Work<T> {
  const kept = new WeakMap<Key, Made<T>>();
  return function* (of) {
    let found = kept.get(of);
    if (!found) kept.set(of, (found = { made: yield* work(of) }));
    return found.made;
  };
}

/** The same of the text that came last, until its memory is wanted: a text may be asked for anew for each of its nodes. */
export function workOfLast<T>(work: (text: string) => Work<T>): (text: string) => Work<T> {
  let kept: WeakRef<Made<T> & { readonly text: string }> | undefined;
  return function* (text) {
    const last = kept?.deref();
    if (last?.text === text) return last.made;
    const made = yield* work(text);
    kept = new WeakRef({ made, text });
    return made;
  };
}

/** Work of nothing that is handed in, done when somebody first asks. */
export function onceAsked<T extends object>(work: () => Work<T>): () => Work<T> {
  let made: T | undefined;
  return function* () {
    return (made ??= yield* work());
  };
}

/** The same of what is worked out of two objects. */
export function workOnceOfTwo<First extends WeakKey, Second extends WeakKey, T>(
  work: (first: First, second: Second) => Work<T>,
): (first: First, second: Second) => Work<T> {
  const kept = new PairMap<First, Second, Made<T>>();
  return function* (first, second) {
    const before = kept.get(first, second);
    if (before) return before.made;
    const made = yield* work(first, second);
    kept.set(first, second, { made });
    return made;
  };
}
