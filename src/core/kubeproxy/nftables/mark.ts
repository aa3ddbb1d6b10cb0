import type { Expression } from '../../rules/expression';
import type { Rule } from '../../rules/ruleset';
import type { NftablesProxyTable } from './tables';

/** The chain that sets the mark up to 1.35; later each rule sets it itself. */
export const markChain = 'mark-for-masquerade';

/**
 * The mark by which the chain `masquerading` masquerades: `meta mark & 0x4000 != 0x0 meta mark set meta mark ^
 * 0x4000 masquerade`; up to 1.35 what has no mark goes back before: `meta mark & 0x4000 == 0x0 return`.
 */
export function masqueradeMark(rules: readonly Rule[]): NftablesProxyTable['mark'] {
  if (!rules.some((rule) => does(rule, 'MASQUERADE'))) return undefined;
  return rules
    .filter((rule) => does(rule, 'MASQUERADE') || does(rule, 'RETURN'))
    .map(markAsked)
    .findLast((one) => one !== undefined);
}

function does({ statements }: Rule, kind: 'MASQUERADE' | 'RETURN'): boolean {
  return statements.some((one) => one.kind === kind);
}

function markAsked({ statements, range }: Rule): NftablesProxyTable['mark'] {
  for (const statement of statements) {
    if (statement.kind !== 'compare' || statement.left.kind !== 'arithmetic') continue;
    const { left, operator, right } = statement.left;
    const bits = right.kind === 'constant' && right.value.kind === 'number' && right.value.number;
    if (isMark(left) && operator === '&' && bits !== false) return { bits, range };
  }
  return undefined;
}

export function isMark(expression: Expression): boolean {
  return expression.kind === 'meta' && expression.key === 'mark';
}
