import type { Work } from '../../../core/work';
import { kindCode } from '../lines/lineKind';
import type { LineIndex } from '../lines/lineIndex';
import type { Section } from './sections';
import { targetNames } from '../lines/targetNames';

/** The number of a chain in `ChainIndex`; the same name in two tables is two chains. */
export type ChainId = number;

/** Which lines declare, fill and refer to each chain. Made anew after an edit, when asked for. */
export interface ChainIndex {
  readonly count: number;
  name(chain: ChainId): string;
  /** The table's number: the place in the `tables` that the index was made for. */
  table(chain: ChainId): number;
  /** The first `:CHAIN`, `-N CHAIN`, `-P CHAIN` or `Chain CHAIN` line; undefined when there is none. */
  declaration(chain: ChainId): number | undefined;
  /** The lines of its rules, ascending. */
  rules(chain: ChainId): Uint32Array;
  /** The lines that jump or go to it, ascending. */
  references(chain: ChainId): Uint32Array;
  /** Every later declaration of a chain that is declared already, as lines. */
  readonly duplicates: readonly number[];
  /** The chains of a table in the order in which the text names them. */
  chainsOf(table: number): readonly ChainId[];
  /** The chain of that name in that table; undefined when no line of the table names it. */
  find(table: number, name: string): ChainId | undefined;
  /** The chain that a line declares, or that its rule stands in. */
  chainAt(line: number): ChainId | undefined;
  /** The chain that the line's rule jumps or goes to; undefined for DROP, DNAT and the like. */
  targetAt(line: number): ChainId | undefined;
}

/** Lines that are read between two looks at the clock of whoever runs the work. */
const linesAtOnce = 1 << 14;

/** `tables`: for each table its sections (several where `-S CHAIN` was asked again and again). */
export function* indexChains(
  index: LineIndex,
  tables: readonly (readonly Section[])[],
): Work<ChainIndex> {
  const { names } = index;
  const chainNames: number[] = [];
  const chainTables: number[] = [];
  const declarations: number[] = [];
  const duplicates: number[] = [];
  const tableChains: ChainId[][] = tables.map(() => []);
  /** Chain + 1 by line; 0 is none. */
  const owners = new Uint32Array(index.count);
  const goals = new Uint32Array(index.count);
  /** Chain + 1 by name, for the table at hand. */
  const current = new Uint32Array(names.size);
  /** Chain + 1 by name, the latest of all tables; and for each chain the one before of its name. */
  const latest = new Uint32Array(names.size);
  const earlier: number[] = [];
  const isTarget = new Uint8Array(names.size);
  for (const name of targetNames) isTarget[names.find(name)] = 1;

  /** 0 for a line without a name, as a cut off `-A`. */
  function chainOf(name: number, table: number): number {
    if (!name || current[name]) return current[name]!;
    const chain = chainNames.length;
    chainNames.push(name);
    chainTables.push(table);
    declarations.push(-1);
    tableChains[table]!.push(chain);
    current[name] = chain + 1;
    earlier.push(latest[name]!);
    latest[name] = chain + 1;
    return chain + 1;
  }

  function* readSection(section: Section, table: number): Work<void> {
    let listed = 0;
    for (let line = section.start; line < section.end; line++) {
      if (line % linesAtOnce === 0) yield;
      switch (index.kindCode(line)) {
        case kindCode.rule:
        case kindCode.insert:
          owners[line] = chainOf(index.chain(line), table);
          break;
        case kindCode['listing-rule']:
          owners[line] = listed;
          break;
        // Lines are missing, and a line `Chain ...` may be among them.
        case kindCode['hit-separator']:
        case kindCode['left-out']:
          listed = 0;
          break;
        case kindCode.chain:
        case kindCode.policy:
        case kindCode['new-chain']:
        case kindCode['listing-policy']:
        case kindCode['listing-chain']: {
          listed = chainOf(index.chain(line), table);
          owners[line] = listed;
          if (!listed) break;
          if (declarations[listed - 1]! < 0) declarations[listed - 1] = line;
          else duplicates.push(line);
          break;
        }
      }
    }
  }

  /** After the declarations, so that a chain named like a target is known to be a chain. */
  function* readTargets(section: Section, table: number): Work<void> {
    for (let line = section.start; line < section.end; line++) {
      if (line % linesAtOnce === 0) yield;
      const target = index.target(line);
      if (!target || !owners[line]) continue;
      if (current[target] || !isTarget[target]) goals[line] = chainOf(target, table);
    }
  }

  for (const [table, sections] of tables.entries()) {
    for (const section of sections) yield* readSection(section, table);
    for (const section of sections) yield* readTargets(section, table);
    for (const chain of tableChains[table]!) current[chainNames[chain]!] = 0;
  }
  yield;
  const count = chainNames.length;
  const rules = grouped(ruleOwners(index, owners), count);
  yield;
  const references = grouped(goals, count);

  return {
    count,
    duplicates,
    name: (chain) => names.text(chainNames[chain]!),
    table: (chain) => chainTables[chain]!,
    declaration: (chain) => (declarations[chain]! < 0 ? undefined : declarations[chain]),
    rules,
    references,
    chainsOf: (table) => tableChains[table] ?? [],
    find(table, name) {
      let chain = latest[names.find(name)]!;
      while (chain && chainTables[chain - 1] !== table) chain = earlier[chain - 1]!;
      return chain ? chain - 1 : undefined;
    },
    chainAt: (line) => (owners[line] ? owners[line] - 1 : undefined),
    targetAt: (line) => (goals[line] ? goals[line] - 1 : undefined),
  };
}

/** The owners of rules only, not of declarations. */
function ruleOwners(index: LineIndex, owners: Uint32Array): Uint32Array {
  const { rule, insert, 'listing-rule': row } = kindCode;
  const rules = owners.slice();
  for (let line = 0; line < rules.length; line++) {
    const kind = index.kindCode(line);
    if (kind !== rule && kind !== row && kind !== insert) rules[line] = 0;
  }
  return rules;
}

/** Lines by chain, by a counting sort over `keys` (chain + 1, or 0). */
function grouped(keys: Uint32Array, count: number): (chain: ChainId) => Uint32Array {
  const starts = new Uint32Array(count + 2);
  for (let line = 0; line < keys.length; line++) {
    const key = keys[line]!;
    if (key) starts[key + 1]!++;
  }
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
  const lines = new Uint32Array(starts[count + 1]!);
  const next = starts.slice();
  for (let line = 0; line < keys.length; line++) {
    const key = keys[line]!;
    if (key) lines[next[key]!++] = line;
  }
  return (chain) => lines.subarray(starts[chain + 1], starts[chain + 2]);
}
