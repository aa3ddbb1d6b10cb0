import type { Work } from '../../../core/work';
import type { Lines } from '../../textLines';
import type { Block, NftBlocks, TableBlock } from './blocks';
import { append } from '../../../core/append';
import { objectOfMap, objectsGiven } from './objectMaps';

/**
 * What a name of a listing is of: a chain, a set or map, or an object, by its kind (`counter`,
 * `ct helper`, `flowtable`). Names of different kinds do not meet.
 */
export type NameKind = string;

/** A name at a place of the text. */
export interface NameUse {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** A chain, set, map or object of one table. */
export interface Named {
  readonly kind: NameKind;
  readonly name: string;
  readonly table: TableBlock;
  /** undefined where the text has uses of the name only. */
  readonly block: Block | undefined;
}

/** Where chains, sets and objects are declared and used. */
export interface NftNames {
  tableAt(line: number): TableBlock | undefined;
  /** The chain, set, map or object that a line belongs to. */
  blockAt(line: number): Block | undefined;
  /** In a table; the same table may be listed in several pieces. */
  find(kind: NameKind, table: TableBlock, name: string): Named | undefined;
  /** Jumps and gotos to a chain, look-ups in a set, rules with an object: in the order of the text. */
  uses(named: Named): readonly NameUse[];
  /** Names that a table uses and nowhere declares, with their places. */
  undeclared(table: TableBlock): Iterable<Named & { readonly uses: readonly NameUse[] }>;
  /** The name at a place: of a block, that the line uses, or any word that is a chain. */
  at(line: number, column: number): (Named & { readonly use: NameUse }) | undefined;
}

/** Goes over every line once, over the elements of maps that give objects twice. */
export function* readNames(lines: Lines, { tables }: NftBlocks): Work<NftNames> {
  const declared = new Map<string, Named>();
  const used = new Map<string, NameUse[]>();
  for (const table of tables) {
    for (const block of table.blocks) {
      const kind = nameKind(block);
      declared.set(keyOf(kind, table, block.name), { kind, name: block.name, table, block });
      const given = objectOfMap(block, lines);
      if (given === undefined) continue;
      for (let line = block.elementsLine ?? block.end; line < block.end; line++) {
        if (line % 2048 === 2047) yield;
        for (const { name, ...use } of objectsGiven(lines.line(line))) {
          append(used, keyOf(given, table, name), { line, ...use });
        }
      }
    }
    for (let line = table.line ?? table.blocks[0]?.line ?? table.end; line < table.end; line++) {
      if (line % 2048 === 2047) yield;
      for (const { kind, name, ...use } of namesUsed(lines.line(line), line)) {
        const key = keyOf(kind, table, name);
        append(used, key, use);
      }
    }
  }
  return new Names(lines, tables, declared, used);
}

export function nameKind({ kind, object }: Block): NameKind {
  return kind === 'object' ? (object ?? kind) : kind === 'chain' ? kind : 'set';
}

/** Of the parts of a key: no name reaches over the end of a line. */
const separator = '\n';

function keyOf(kind: NameKind, { family, name: table }: TableBlock, name: string): string {
  return [kind, family, table, name].join(separator);
}

/** A name that a line uses, and what it is of. */
interface LineUse extends NameUse {
  readonly kind: NameKind;
  readonly name: string;
}

/** `jump x`, `@x`, `flow add @x`; `@th,16,16` are bits of the packet. */
const use = /(\b(?:jump|goto)\s+|\bflow (?:add|offload) @|@(?!(?:ll|nh|th|ih),))([^\s{},;"]+)/g;

/** `counter name "x"`, `ct helper set "x"`, `quota name udp dport map { 53 : "x" }`. */
const objectUse =
  /\b(?:(counter|quota|limit|synproxy) name|(ct helper|ct timeout|ct expectation) set) /g;

/** The names that a line of a listing uses. */
export function* namesUsed(text: string, line: number): Generator<LineUse> {
  if (text.includes('@') || text.includes('jump') || text.includes('goto')) {
    // A comment may name a chain; it does not use it.
    const code = text.includes('"')
      ? text.replace(/"[^"]*"/g, (quoted) => ' '.repeat(quoted.length))
      : text;
    for (const match of code.matchAll(use)) {
      const [, before, name] = match as unknown as [string, string, string];
      const start = match.index + before.length;
      const kind = before === '@' ? 'set' : before.endsWith('@') ? 'flowtable' : 'chain';
      yield { kind, name, line, start, end: start + name.length };
    }
  }
  if (text.includes(' name ') || text.includes(' set "')) yield* objectsUsed(text, line);
}

function* objectsUsed(text: string, line: number): Generator<LineUse> {
  for (const match of text.matchAll(objectUse)) {
    const from = match.index + match[0].length;
    const kind = match[1] ?? match[2]!;
    if (text[from] === '"') {
      const end = text.indexOf('"', from + 1);
      if (end > 0) yield { kind, name: text.slice(from + 1, end), line, start: from + 1, end };
    } else {
      for (const given of objectsGiven(text, from, text.indexOf('}', from))) {
        yield { kind, line, ...given };
      }
    }
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
      const [kind, ...rest] = key.split(separator);
      const name = rest.pop()!;
      if (key !== keyOf(kind!, table, name)) continue;
      yield { kind: kind!, name, table, block: undefined, uses };
    }
  }

  at(line: number, column: number): (Named & { readonly use: NameUse }) | undefined {
    const table = this.tableAt(line);
    const text = this.lines.line(line);
    const word = wordAt(text, column);
    if (!table || !word) return undefined;
    const written = text.slice(word.start, word.end);
    const block = this.blockAt(line);
    if (block?.line === line && written === block.name) {
      const own = this.find(nameKind(block), table, block.name);
      return own && { ...own, use: { line, ...word } };
    }
    for (const { kind, name, ...use } of this.usesOn(block, text, line)) {
      if (use.start < word.start || use.end > word.end) continue;
      const found = this.find(kind, table, name);
      if (found) return { ...found, use };
    }
    const found = this.find('chain', table, written);
    return found && { ...found, use: { line, ...word } };
  }

  private *usesOn(block: Block | undefined, text: string, line: number): Generator<LineUse> {
    yield* namesUsed(text, line);
    const kind = line >= (block?.elementsLine ?? Infinity) && objectOfMap(block, this.lines);
    if (kind) for (const given of objectsGiven(text)) yield { kind, line, ...given };
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
