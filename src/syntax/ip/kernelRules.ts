import type { Family } from '../../core/address';
import type { RoutingRule } from '../../core/node';
import type { SourceRange } from '../../core/source';

/**
 * The rules that the kernel makes by itself (fib_default_rules_init, net/ipv4/fib_rules.c).
 *
 * @param range what proves that there are no others
 */
export function kernelRules(family: Family, range: SourceRange): readonly RoutingRule[] {
  const rule = (priority: number, table: string): RoutingRule => ({
    family,
    priority,
    negated: false,
    vrf: false,
    action: { kind: 'lookup', table },
    others: [],
    text: `from all lookup ${table}`,
    range,
  });
  return [rule(0, 'local'), rule(32766, 'main'), rule(32767, 'default')];
}
