import type { Chain, Rule, Ruleset, Table } from '../rules/ruleset';
import type { SourceRange } from '../source';
import type { RuleStep, Step } from '../trace/trace';

/** A rule with what it stands in. */
export interface PlacedRule {
  readonly ruleset: Ruleset;
  readonly table: Table;
  readonly chain: Chain;
  readonly rule: Rule;
}

/** The rules that the packets of a graph met, by their places in the dumps. */
export interface RuleBook {
  /** undefined for a place that is no rule (an IPVS row, a policy), or that no packet met. */
  at(range: SourceRange): PlacedRule | undefined;
  /** Each rule once. */
  all(): Iterable<PlacedRule>;
}

export function createRuleBook(rulesets: readonly Ruleset[]) {
  // The ways of a trace share their steps: 1,000 endpoints name a few thousand ones 100,000 times.
  const met = new Set<RuleStep>();
  const steps = new Map<string, RuleStep>();
  const placed = new Map<string, PlacedRule | undefined>();
  const sort = () => {
    for (const step of met) steps.set(keyOf(step.range), step);
    met.clear();
  };
  const look = (key: string) => {
    if (!placed.has(key)) {
      const step = steps.get(key);
      placed.set(key, step && findRule(rulesets, step));
    }
    return placed.get(key);
  };
  const book: RuleBook = {
    at(range) {
      sort();
      return look(keyOf(range));
    },
    *all() {
      sort();
      for (const key of steps.keys()) {
        const found = look(key);
        if (found) yield found;
      }
    },
  };
  return {
    book,
    add(way: readonly Step[]) {
      for (const step of way) if (step.kind === 'rule') met.add(step);
    },
  };
}

/** The rule that a step of a trace met; undefined when no ruleset has it. */
export function findRule(
  rulesets: readonly Ruleset[],
  { table: tableName, chain: chainName, rule: number, range }: RuleStep,
): PlacedRule | undefined {
  for (const ruleset of rulesets) {
    if (ruleset.source !== range.source) continue;
    const table = ruleset.tables.get(tableName);
    const chain = table?.chains.get(chainName);
    if (!table || !chain || number > chain.length) continue;
    const rule = chain.rule(number - 1);
    if (rule.range.line === range.line) return { ruleset, table, chain, rule };
  }
  return undefined;
}

function keyOf({ source, line }: SourceRange): string {
  return `${line} ${source}`;
}
