import type { Chain, Ruleset, Table } from '../../../src/core/rules/ruleset';
import { rulesetsOfText } from '../../../src/syntax/iptables/ruleset/ruleset';
import { testParser } from '../../syntax/parser';

const parser = await testParser();

/** The one dump that a text holds; an empty one for an empty text. */
export function readDump(text: string): Ruleset {
  const empty = { source: 'dump', family: 4, backend: 'unknown', findings: [] } as const;
  return rulesetsOfText('dump', text, parser)[0] ?? { ...empty, tables: new Map() };
}

/** The same dump, and how many rules of it were asked for. */
export function counted(ruleset: Ruleset): { ruleset: Ruleset; asked: () => number } {
  const asked = new Set<string>();
  const tables = new Map<string, Table>();
  for (const [tableName, table] of ruleset.tables) {
    const chains = new Map<string, Chain>();
    for (const [name, chain] of table.chains) {
      const rule: Chain['rule'] = (i) => {
        asked.add(`${tableName} ${name} ${i}`);
        return chain.rule(i);
      };
      const { length } = chain;
      chains.set(name, { ...chain, table: tableName, name, length, rule, candidates: () => [] });
    }
    tables.set(tableName, { ...table, chains });
  }
  return { ruleset: { ...ruleset, tables }, asked: () => asked.size };
}
