import { canonicalRule, type ActualRule, type ActualTables } from '../../core/rules/ruleTexts';
import type { Work } from '../../core/work';
import { append } from '../../core/append';

/**
 * The rules of iptables-save by table and chain, as texts: a comparison with what kube-proxy should
 * have written decodes none of them.
 *
 * @param lines of one family's dump
 * @param first the number of the first of them, from 0
 */
export function* savedRules(lines: Iterable<string>, first = 0): Work<ActualTables> {
  const tables = new Map<string, Map<string, ActualRule[]>>();
  let table: Map<string, ActualRule[]> | undefined;
  let number = first - 1;
  for (const line of lines) {
    if (++number % 4096 === 4095) yield;
    if (line.startsWith('*')) {
      const name = line.slice(1).trim();
      table = tables.get(name) ?? new Map<string, ActualRule[]>();
      tables.set(name, table);
      continue;
    }
    if (!table) continue;
    if (line.startsWith(':')) {
      const chain = line.slice(1, line.indexOf(' '));
      if (!table.has(chain)) table.set(chain, []);
      continue;
    }
    const start = line.startsWith('[') ? line.indexOf(']') + 2 : 0;
    if (!line.startsWith('-A ', start)) continue;
    const blank = line.indexOf(' ', start + 3);
    const chain = line.slice(start + 3, blank < 0 ? undefined : blank);
    const rule = { text: blank < 0 ? '' : canonicalRule(line.slice(blank + 1)), line: number };
    append(table, chain, rule);
  }
  return tables;
}
