import { kindOf } from '../dumps/kinds';
import { dumpKind } from '../dumps/recognize';

/**
 * How well a file serves to find a Service in, by its name: 0 is best; undefined where it holds no
 * rules. One table, or all? `iptables-nat-save.txt` holds less than `iptables-save.txt`.
 */
export function rulesRank(name: string): number | undefined {
  const services = kindOf(dumpKind(name, ''))?.services;
  if (services === undefined) return undefined;
  return services + (/-(nat|filter|mangle|raw)-/.test(name) ? 0.5 : 0);
}
