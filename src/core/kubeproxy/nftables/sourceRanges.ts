import type { Network } from '../../address';
import type { Table } from '../../rules/ruleset';
import type { Statement } from '../../rules/statement';
import type { Pattern } from '../../rules/value';

/**
 * loadBalancerSourceRanges as the `firewall-` chain of a Service port has them: what it does not
 * drop, `ip saddr != { 198.51.100.0/24, 203.0.113.128/25 } drop`. Empty without such a chain.
 */
export function allowedSources(table: Table, chains: readonly string[]): Network[] {
  const networks: Network[] = [];
  for (const name of chains.filter((chain) => chain.startsWith('firewall-'))) {
    const chain = table.chains.get(name);
    for (let i = 0; chain && i < chain.length; i++) {
      for (const statement of chain.rule(i).statements) {
        for (const pattern of exceptions(table, statement)) {
          if (pattern.kind === 'network') networks.push(pattern.network);
        }
      }
    }
  }
  return networks;
}

function* exceptions(table: Table, statement: Statement): Generator<Pattern> {
  if (statement.kind === 'source' && statement.negated) {
    yield { kind: 'network', network: statement.network };
  } else if (statement.kind === 'compare') {
    if (isSource(statement.left) && statement.operator === '!=') yield statement.right;
  } else if (statement.kind === 'lookup' && statement.negated && isSource(statement.key)) {
    const { set } = statement;
    const elements = set.kind === 'named' ? table.sets?.get(set.name)?.elements : set.elements;
    for (const { key } of elements ?? []) if (key?.[0]) yield key[0];
  }
}

function isSource(expression: { readonly kind: string; readonly field?: string }): boolean {
  return expression.kind === 'payload' && expression.field === 'saddr';
}
