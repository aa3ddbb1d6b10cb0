import type { ChainComparison, RuleDifference } from '../../core/expected/compare/chains';
import type { ExpectedRuleset } from '../../core/expected/rules';
import { formatServicePortName } from '../../core/kubeproxy/names';

/** What came of one case, or of one family of a node. */
export interface Outcome {
  readonly name: string;
  /** Rules that kube-proxy should have written. */
  readonly rules: number;
  readonly comparison: ChainComparison;
}

export function ruleCount({ tables }: ExpectedRuleset): number {
  let count = 0;
  for (const { chains, sets } of tables.values()) {
    for (const { rules } of chains.values()) count += rules.length;
    for (const { elements } of sets.values()) count += elements.length;
  }
  return count;
}

/** Both families of one case. */
export function joined(name: string, outcomes: readonly Omit<Outcome, 'name'>[]): Outcome {
  const comparisons = outcomes.map(({ comparison }) => comparison);
  return {
    name,
    rules: outcomes.reduce((sum, { rules }) => sum + rules, 0),
    comparison: {
      differences: comparisons.flatMap(({ differences }) => differences),
      leftovers: comparisons.flatMap(({ leftovers }) => leftovers),
      absent: comparisons.flatMap(({ absent }) => absent),
    },
  };
}

/** A line, and each differing rule as a diff. */
export function outcomeText({ name, rules, comparison }: Outcome): string {
  const { differences, leftovers, absent } = comparison;
  const facts = [
    `${rules} rules`,
    ...(leftovers.length > 0 ? [`${leftovers.length} left over`] : []),
    ...(absent.length > 0 ? [`no ${absent.join(', no ')}`] : []),
  ];
  const verdict = differences.length === 0 ? 'equal' : `${differences.length} rules differ`;
  return [`${name}: ${verdict} (${facts.join(', ')})`, ...differences.flatMap(diffText)].join('\n');
}

function diffText({ table, chain, kind, expected, actual, wanted }: RuleDifference): string[] {
  const own = (expected ?? wanted)?.servicePort;
  const of = own === undefined ? '' : `  [${formatServicePortName(own.name)}]`;
  const append = (text: string) => `${table} ${chain}: ${text}`;
  switch (kind) {
    case 'missing':
      return [`  - ${append(expected!.text)}${of}`];
    case 'stale':
      return [`  + ${append(actual!.text)}`];
    case 'order':
      return [`  ~ ${append(actual!.text)}${of}`];
    case 'missing-chain':
      return [
        `  - ${table} ${chain}${of}`,
        ...(wanted?.rules ?? []).map(({ text }) => `  - ${append(text)}`),
      ];
  }
}
