import type { Chain, Table } from '../../rules/ruleset';

/** Some chains of a table and those that their rules jump or go to, each once, nearest first. */
export function calledFrom({ chains }: Table, first: readonly Chain[]): readonly Chain[] {
  const called = new Set(first);
  // Those that are added are gone through, too.
  for (const chain of called) {
    for (let i = 0; i < chain.length; i++) {
      const { target } = chain.rule(i);
      if (target?.kind !== 'jump' && target?.kind !== 'goto') continue;
      const next = chains.get(target.chain);
      if (next) called.add(next);
    }
  }
  return [...called];
}
