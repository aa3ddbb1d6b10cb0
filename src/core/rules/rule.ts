import type { Match } from './match';
import type { Rule } from './ruleset';
import type { MatchStatement } from './statement';
import { isAction, isTarget } from './statementKind';

/** A rule of iptables. */
export function iptablesRule(rule: Omit<Rule, 'statements' | 'handle'>): Rule {
  const { matches, target } = rule;
  return { ...rule, statements: target ? [...matches, target] : matches };
}

function isIptablesMatch(statement: MatchStatement): statement is Match {
  return !['compare', 'lookup', 'quota', 'named', 'object-map'].includes(statement.kind);
}

/** A rule of nft: `matches` and `target` are those of its statements that iptables has, too. */
export function nftRule(rule: Omit<Rule, 'matches' | 'target'>): Rule {
  const { statements } = rule;
  const matches = statements.filter((one) => !isAction(one)).filter(isIptablesMatch);
  return { ...rule, matches, target: statements.findLast(isTarget) };
}
