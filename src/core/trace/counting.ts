import type { State } from './state';

/**
 * How much was counted at a place before, and counts `amount` more; undefined where that is not known.
 *
 * @param place which statement of which rule it is
 */
export function countUp(state: State, place: string, amount: number): number | undefined {
  if (!state.counters) return undefined;
  const before = state.counters.get(place) ?? 0;
  state.counters = new Map(state.counters).set(place, before + amount);
  return before;
}
