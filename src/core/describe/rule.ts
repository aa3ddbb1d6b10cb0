import type { Rule } from '../rules/ruleset';
import { describeEffect, describeMatch } from './matches';
import { describeTarget } from './targets';
import { list } from './words';

/** What is known around a rule. */
export interface RuleContext {
  /** A name for a chain, to stand in brackets behind it: `default/whoami`, `10.244.0.3:3000`. */
  readonly nameOfChain?: (chain: string) => string | undefined;
  /** The rule stands in a built-in chain. */
  readonly builtIn?: boolean;
  /** The table's name: in nat a rule sees only the first packet of a connection (nf_nat_inet_fn). */
  readonly table?: string;
}

/**
 * The whole rule as one English sentence: `A packet that is tcp, goes to 10.96.0.1 and goes to
 * port 443 jumps to chain KUBE-SVC-NPX46M4PTMTKRN6Y (default/kubernetes:https).`
 */
export function describeRule(
  { matches, target, findings }: Rule,
  context: RuleContext = {},
): string {
  const clauses = matches.flatMap(describeMatch);
  const all = context.table === 'nat' ? "Every connection's first packet" : 'Every packet';
  const who = clauses.length === 0 ? all : `A packet that ${list(clauses)}`;
  const chain = target?.kind === 'jump' || target?.kind === 'goto' ? target.chain : undefined;
  const name = chain === undefined ? undefined : context.nameOfChain?.(chain);
  const what = describeTarget(target, context.builtIn);
  const named = name ? what.replace(`chain ${chain}`, () => `chain ${chain} (${name})`) : what;
  const effects = matches.map(describeEffect).filter((effect) => effect !== undefined);
  const partial = findings.some(({ severity }) => severity === 'error')
    ? ' Some of the rule could not be read, so it may ask or do more.'
    : '';
  return `${[`${who} ${named}`, ...effects].join('; ')}.${partial}`;
}
