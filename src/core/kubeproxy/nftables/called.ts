import { jumpsTo, rulesIn } from '../../rules/lookUp';
import type { Chain, Table } from '../../rules/ruleset';

/** Some chains of a table and those that their rules jump or go to, each once, nearest first. */
export function calledFrom({ chains }: Table, first: readonly Chain[]): readonly Chain[] {
  const called = new Set(first);
  // Those that are added are gone through, too.
  for (const chain of called) {
    for (const rule of rulesIn(chain)) {
      const next = chains.get(jumpsTo(rule) ?? '');
      if (next) called.add(next);
    }
  }
  return [...called];
}
