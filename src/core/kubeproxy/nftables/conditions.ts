import type { Chain, Rule } from '../../rules/ruleset';
import type { Statement } from '../../rules/statement';
import { isAction } from '../../rules/statementKind';

/** Whether it depends on the packet or on what came before that a rule is carried out. */
export function asks({ statements, findings }: Pick<Rule, 'statements' | 'findings'>): boolean {
  return findings.length > 0 || statements.some(isCondition);
}

/** Whoever is in a Service's chain has its protocol: `meta l4proto tcp` decides nothing there. */
function isCondition(statement: Statement): boolean {
  switch (statement.kind) {
    case 'comment':
      return false;
    case 'protocol':
      return statement.negated;
    case 'compare':
      return statement.left.kind !== 'meta' || statement.left.key !== 'l4proto';
    case 'unknown':
      return true;
    default:
      return !isAction(statement);
  }
}

/** True of `reject-chain`: it refuses all that comes, where `firewall-` chains ask for the source. */
export function refusesAll(chain: Chain | undefined): boolean {
  if (!chain || chain.length === 0) return false;
  const rule = chain.rule(0);
  const kind = rule.target?.kind;
  return (kind === 'REJECT' || kind === 'DROP') && !asks(rule);
}
