import type { NodeState } from '../node';
import type { Chain, Rule, Table } from '../rules/ruleset';
import { lineKey, type SourceRange } from '../source';
import type { RuleStep, Step } from '../trace/trace';

/** A rule with what it stands in. */
export interface PlacedRule {
  readonly table: Table;
  readonly chain: Chain;
  readonly rule: Rule;
}

/** Of a listing of nft; iptables' tables have no sets of their own. */
export function isNft({ table }: PlacedRule): boolean {
  return table.sets !== undefined;
}

/** `nat` of iptables; of nft with its family: `ip kube-proxy`. */
export function tableOf({ table }: Pick<PlacedRule, 'table'>): string {
  return table.sets === undefined ? table.name : `${table.family} ${table.name}`;
}

/** The rules that the packets of a graph met, by their places in the dumps. */
export interface RuleBook {
  /** undefined for a place that is no rule (an IPVS row, a policy), or that no packet met. */
  at(range: SourceRange): PlacedRule | undefined;
  /** Each rule once. */
  all(): Iterable<PlacedRule>;
}

/** The dump of iptables that most rules are of: that of the backend in use, where both hold some. */
export function mainSource(book: RuleBook): string | undefined {
  const rules = new Map<string, number>();
  for (const placed of book.all()) {
    // Counters of two captures are compared in texts of iptables only.
    if (isNft(placed)) continue;
    const { source } = placed.rule.range;
    rules.set(source, (rules.get(source) ?? 0) + 1);
  }
  return [...rules].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** Where the rules of a node's dumps are: those of iptables and those of nft. */
export type RulesOfNode = Pick<NodeState, 'rulesets' | 'nftables'>;

export function createRuleBook(node: RulesOfNode) {
  // The ways of a trace share their steps: 1,000 endpoints name a few thousand ones 100,000 times.
  const met = new Set<RuleStep>();
  const steps = new Map<string, RuleStep>();
  const placed = new Map<string, PlacedRule | undefined>();
  const sort = () => {
    for (const step of met) steps.set(lineKey(step.range), step);
    met.clear();
  };
  const look = (key: string) => {
    if (!placed.has(key)) {
      const step = steps.get(key);
      placed.set(key, step && findRule(node, step));
    }
    return placed.get(key);
  };
  const book: RuleBook = {
    at(range) {
      sort();
      return look(lineKey(range));
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

/** The rule that a step of a trace met; undefined when no dump has it. */
export function findRule(node: RulesOfNode, step: RuleStep): PlacedRule | undefined {
  const { chain: chainName, rule: number, range } = step;
  for (const table of tablesOf(node, step)) {
    const chain = table.chains.get(chainName);
    if (!chain || number > chain.length) continue;
    const rule = chain.rule(number - 1);
    if (rule.range.line === range.line) return { table, chain, rule };
  }
  return undefined;
}

/** Of nft several tables may have the step's name: one of each family. */
function* tablesOf({ rulesets, nftables }: RulesOfNode, step: RuleStep): Generator<Table> {
  const { source } = step.range;
  if (step.family === undefined) {
    for (const ruleset of rulesets) {
      const table = ruleset.source === source ? ruleset.tables.get(step.table) : undefined;
      if (table) yield table;
    }
  } else {
    for (const table of nftables?.tables ?? []) {
      if (table.name === step.table && table.family === step.family) yield table;
    }
  }
}
