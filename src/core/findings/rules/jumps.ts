import { jumpsTo } from '../../rules/lookUp';
import { workOnce } from '../../once';
import type { Table } from '../../rules/ruleset';
import type { SourceRange } from '../../source';
import type { Work } from '../../work';

/** Larger tables are kube-proxy's for the most part, and would be decoded for this alone. */
const mostRules = 20_000;

/** Of each chain where its rules lead, and the first rule that leads there. */
export type Jumps = ReadonlyMap<string, ReadonlyMap<string, SourceRange>>;

/** The jumps and gotos of a table's chains; undefined where there are too many rules to look at. */
export const jumpsOf = workOnce(function* (table: Table): Work<Jumps | undefined> {
  let rules = 0;
  for (const { length } of table.chains.values()) {
    if ((rules += length) > mostRules) return undefined;
  }
  const jumps = new Map<string, Map<string, SourceRange>>();
  for (const chain of table.chains.values()) {
    yield undefined;
    const own = new Map<string, SourceRange>();
    jumps.set(chain.name, own);
    for (let i = 0; i < chain.length; i++) {
      if (i % 50 === 49) yield undefined;
      const rule = chain.rule(i);
      const to = jumpsTo(rule);
      if (to !== undefined && !own.has(to)) own.set(to, rule.range);
    }
  }
  return jumps;
});
