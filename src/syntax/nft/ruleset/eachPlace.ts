import type { Work } from '../../../core/work';

/** Chains and sets that are put together between two pauses: kube-proxy makes two for each Service. */
const placesAtOnce = 1000;

/** The chains or sets of a table, made of where each is written. */
export function* eachPlace<Places, T>(
  all: ReadonlyMap<string, Places>,
  make: (places: Places, name: string) => T,
): Work<Map<string, T>> {
  const made = new Map<string, T>();
  for (const [name, places] of all) {
    made.set(name, make(places, name));
    if (made.size % placesAtOnce === 0) yield;
  }
  return made;
}
