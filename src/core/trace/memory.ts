import type { DynamicList } from './conntrack/flowState';
import type { Value } from '../rules/value';
import { withFact } from './facts';
import type { State } from './state';

/**
 * What packets write and later ones read: lists of `-m recent`, sets with the flag dynamic. A list is
 * known by a name of its own (`recent X`, `set ip kube-proxy affinity-...`), an entry by its key as text.
 * Where the memory is not known as a whole, what this packet itself wrote still is.
 */

/** How often the key was put in, 0 also once it was taken out; undefined: it never was, or not known. */
export function remembered({ lists, facts }: State, list: string, key: string): number | undefined {
  if (lists) return lists.get(list)?.get(key);
  const fact = facts.get(factOf(list, key));
  return fact === undefined ? undefined : Number(fact);
}

/** The data that a rule put into a map with a key; undefined where it put none, or it is not known. */
export function writtenData(
  { written }: State,
  list: string,
  key: string,
): readonly Value[] | undefined {
  return written.get(`${list} ${key}`);
}

export function writeData(state: State, list: string, key: string, data: readonly Value[]): void {
  state.written = new Map(state.written).set(`${list} ${key}`, data);
}

/** Puts the key in once more. */
export function remember(state: State, list: string, key: string): void {
  change(state, list, key, (entries) => entries.set(key, (entries.get(key) ?? 0) + 1));
}

export function forget(state: State, list: string, key: string): void {
  if (state.written.has(`${list} ${key}`)) {
    const written = new Map(state.written);
    written.delete(`${list} ${key}`);
    state.written = written;
  }
  change(state, list, key, (entries) => entries.set(key, 0));
}

function change(
  state: State,
  list: string,
  key: string,
  edit: (entries: Map<string, number>) => void,
): void {
  if (!state.lists) {
    const entries = new Map<string, number>();
    edit(entries);
    state.facts = withFact(state.facts, factOf(list, key), entries.get(key) !== 0);
    return;
  }
  const before: DynamicList = state.lists.get(list) ?? new Map<string, number>();
  const entries = new Map(before);
  edit(entries);
  state.lists = new Map(state.lists).set(list, entries);
}

function factOf(list: string, key: string): string {
  return `${list} ${key} set`;
}
