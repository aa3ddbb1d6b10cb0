import type { Work } from '../../../core/work';
import type { Lines } from '../../textLines';
import type { Block, NftBlocks, TableBlock } from './blocks';
import { append } from '../../../core/append';

/** What a name of a listing is of: names of chains and of sets do not meet. */
export type NameKind = 'chain' | 'set';

/** A name at a place of the text. */
export interface NameUse {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** A chain, set or map of one table. */
export interface Named {
  readonly kind: NameKind;
  readonly name: string;
  readonly table: TableBlock;
  /** undefined where the text has uses of the name only. */
  readonly block: Block | undefined;
}

/** Where chains and sets are declared and used. */
export interface NftNames {
  tableAt(line: number): TableBlock | undefined;
  /** The chain, set, map or object that a line belongs to. */
  blockAt(line: number): Block | undefined;
  /** In a table; the same table may be listed in several pieces. */
  find(kind: NameKind, table: TableBlock, name: string): Named | undefined;
  /** Jumps and gotos to a chain, look-ups in a set: in the order of the text. */
  uses(named: Named): readonly NameUse[];
  /** Names that a table uses and nowhere declares, with their places. */
  undeclared(table: TableBlock): Iterable<Named & { readonly uses: readonly NameUse[] }>;
  /** The name at a place: of a block, behind jump, goto or `@`, or any word that is a chain. */
  at(line: number, column: number): (Named & { readonly use: NameUse }) | undefined;
}

/** Goes over every line once. */
export function* readNames(lines: Lines, { tables }: NftBlocks): Work<NftNames> {
  const declared = new Map<string, Named>();
  const used = new Map<string, NameUse[]>();
  for (const table of tables) {
    for (const block of table.blocks) {
      if (block.kind === 'object') continue;
      const kind = block.kind === 'chain' ? 'chain' : 'set';
      declared.set(keyOf(kind, table, block.name), { kind, name: block.name, table, block });
    }
    for (let line = table.line ?? table.blocks[0]?.line ?? table.end; line < table.end; line++) {
      if (line % 2048 === 2047) yield;
      for (const { kind, name, ...use } of usesIn(lines.line(line), line)) {
        const key = keyOf(kind, table, name);
        append(used, key, use);
      }
    }
  }
  return new Names(lines, tables, declared, used);
}

function keyOf(kind: NameKind, { family, name: table }: TableBlock, name: string): string {
  return `${kind} ${family ?? ''} ${table} ${name}`;
}

const use = /(\b(?:jump|goto)\s+|@)([^\s{},;"]+)/g;

function* usesIn(
  text: string,
  line: number,
): Generator<NameUse & { readonly kind: NameKind; readonly name: string }> {
  if (!text.includes('@') && !text.includes('jump') && !text.includes('goto')) return;
  // A comment may name a chain; it does not use it.
  const code = text.includes('"')
    ? text.replace(/"[^"]*"/g, (quoted) => ' '.repeat(quoted.length))
    : text;
  for (const match of code.matchAll(use)) {
    const [, before, name] = match as unknown as [string, string, string];
    const start = match.index + before.length;
    yield { kind: before === '@' ? 'set' : 'chain', name, line, start, end: start + name.length };
  }
}

class Names implements NftNames {
  constructor(
    private readonly lines: Lines,
    private readonly tables: readonly TableBlock[],
    private readonly declared: ReadonlyMap<string, Named>,
    private readonly used: ReadonlyMap<string, readonly NameUse[]>,
  ) {}

  tableAt(line: number): TableBlock | undefined {
    return lastBefore(this.tables, line, (table) => table.line ?? table.blocks[0]?.line ?? 0);
  }

  blockAt(line: number): Block | undefined {
    return lastBefore(this.tableAt(line)?.blocks ?? [], line, (block) => block.line);
  }

  find(kind: NameKind, table: TableBlock, name: string): Named | undefined {
    const key = keyOf(kind, table, name);
    const declared = this.declared.get(key);
    if (declared) return declared;
    return this.used.has(key) ? { kind, name, table, block: undefined } : undefined;
  }

  uses({ kind, table, name }: Named): readonly NameUse[] {
    return this.used.get(keyOf(kind, table, name)) ?? [];
  }

  *undeclared(table: TableBlock): Iterable<Named & { readonly uses: readonly NameUse[] }> {
    for (const [key, uses] of this.used) {
      if (this.declared.has(key)) continue;
      for (const kind of ['chain', 'set'] as const) {
        const before = keyOf(kind, table, '');
        if (!key.startsWith(before)) continue;
        yield { kind, name: key.slice(before.length), table, block: undefined, uses };
      }
    }
  }

  at(line: number, column: number): (Named & { readonly use: NameUse }) | undefined {
    const table = this.tableAt(line);
    const text = this.lines.line(line);
    const word = wordAt(text, column);
    if (!table || !word) return undefined;
    const block = this.blockAt(line);
    if (
      block?.line === line &&
      text.slice(word.start, word.end) === block.name &&
      block.kind !== 'object'
    ) {
      const own = this.find(block.kind === 'chain' ? 'chain' : 'set', table, block.name);
      return own && { ...own, use: { line, ...word } };
    }
    const written = text.slice(word.start, word.end);
    const found = written.startsWith('@')
      ? this.find('set', table, written.slice(1))
      : this.find('chain', table, written);
    const start = written.startsWith('@') ? word.start + 1 : word.start;
    return found && { ...found, use: { line, start, end: word.end } };
  }
}

/** The last of ascending stretches that begins at or before the line, if it reaches there. */
function lastBefore<T extends { readonly end: number }>(
  stretches: readonly T[],
  line: number,
  startOf: (stretch: T) => number,
): T | undefined {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(stretches[middle]!) <= line) low = middle + 1;
    else high = middle;
  }
  const found = stretches[low - 1];
  return found && line < found.end ? found : undefined;
}

/** The word around a column, without what separates words of nft. */
function wordAt(text: string, column: number): { start: number; end: number } | undefined {
  const inside = (at: number) => at >= 0 && at < text.length && !/[\s{}(),;"]/.test(text[at]!);
  let start = column;
  while (inside(start - 1)) start--;
  let end = column;
  while (inside(end)) end++;
  return end > start ? { start, end } : undefined;
}
