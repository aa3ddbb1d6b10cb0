import type { Counters } from '../../rules/counters';
import { once } from '../../once';
import { rulesIn } from '../../rules/lookUp';
import type { Table } from '../../rules/ruleset';
import type { PlacedRule } from '../ruleBook';

/** Of a table with more rules it is not looked up which of them counts into what: each would be decoded. */
const mostRules = 5000;

/**
 * What a rule counted: by its own counter, or by a named one of its table (`counter name "web"`) that no
 * other rule counts into.
 */
export function countersOf({ table, rule }: PlacedRule): Counters | undefined {
  if (rule.counters || !table.objects?.some(({ kind }) => kind === 'counter')) return rule.counters;
  const counters = ownedCounters(table);
  for (const one of rule.statements) {
    if (one.kind === 'counter' && one.name !== undefined) return counters.get(one.name);
  }
  return undefined;
}

/** A table's named counters that one rule alone counts into. */
const ownedCounters = once(({ objects = [], chains }: Table): ReadonlyMap<string, Counters> => {
  const lists = [...chains.values()];
  if (lists.reduce((sum, { length }) => sum + length, 0) > mostRules) return new Map();
  const uses = new Map<string, number>();
  for (const chain of lists) {
    for (const { statements } of rulesIn(chain)) {
      for (const one of statements) {
        // A map names counters by its elements, which may not be in the listing.
        if (one.kind === 'object-map' && one.object === 'counter') return new Map();
        if (one.kind === 'counter' && one.name !== undefined) {
          uses.set(one.name, (uses.get(one.name) ?? 0) + 1);
        }
      }
    }
  }
  return new Map(
    objects.flatMap(({ kind, name, counters }): [string, Counters][] =>
      kind === 'counter' && counters && uses.get(name) === 1 ? [[name, counters]] : [],
    ),
  );
});
