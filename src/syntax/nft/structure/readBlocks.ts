import type { TableFamily } from '../../../core/rules/ruleset';
import type { Work } from '../../../core/work';
import type { Lines } from '../../textLines';
import { kindCode } from '../lines/lineKind';
import type { NftLineIndex } from '../lines/lineIndex';
import type { Block, NftBlocks, TableBlock } from './blocks';
import { cutTable } from './cutTable';

type Open<T> = { -readonly [K in keyof T]: T[K] };
type OpenTable = Open<TableBlock> & { blocks: Block[]; properties: number[] };

/** Walks the kinds of all lines once, so that an edit need not keep blocks up to date. */
export function* readBlocks(index: NftLineIndex, lines: Lines): Work<NftBlocks> {
  const reader = new BlockReader(index, lines);
  for (let line = 0; line < index.count; line++) {
    if (line % 4000 === 3999) yield;
    reader.read(line);
  }
  return reader.end();
}

class BlockReader {
  private readonly tables: TableBlock[] = [];
  private readonly commands: number[] = [];
  private readonly prompts: number[] = [];
  private readonly strays: number[] = [];
  private readonly closings: number[] = [];
  private table: OpenTable | undefined;
  private block: Open<Block> | undefined;
  /** Open braces of the block. */
  private depth = 0;

  constructor(
    private readonly index: NftLineIndex,
    private readonly lines: Lines,
  ) {}

  read(line: number): void {
    const kind = this.index.kindCode(line);
    switch (kind) {
      case kindCode.blank:
      case kindCode.comment:
        return;
      case kindCode.prompt:
        this.closeTable(line, false);
        this.prompts.push(line);
        return;
      case kindCode.cut:
        if (this.block) this.block.complete = false;
        if (this.table) this.table.complete = false;
        return;
      case kindCode.table:
        return this.beginTable(line);
      case kindCode.chain:
      case kindCode.set:
      case kindCode.map:
      case kindCode.object:
        return this.beginBlock(line, blockKinds.get(kind)!);
      case kindCode.close:
        return this.readClose(line);
      default:
        if (this.block) this.readInBlock(line, this.block);
        else this.readOutside(line);
    }
  }

  end(): NftBlocks {
    this.closeTable(this.index.count, false);
    const { tables, commands, prompts, strays, closings } = this;
    return { tables, commands, prompts, strays, closings };
  }

  private beginTable(line: number): void {
    this.table = this.openTable(line, line);
    // `table ip x { chain y { ... } }`: what stands behind the brace is not taken apart.
    if (!isBare(this.lines.line(line))) this.table.complete = false;
    if (this.index.braces(line) <= 0) this.closeTable(line + 1, true);
  }

  private beginBlock(line: number, kind: Block['kind']): void {
    const { index, lines } = this;
    this.closeBlock(line, false);
    this.table ??= this.openTable(undefined, line);
    this.block = {
      ...{ kind, name: index.names.text(index.name(line)) },
      ...{ line, end: line, complete: true },
    };
    if (kind === 'object') this.block.object = objectKind(lines.line(line));
    this.depth = index.braces(line);
    if (!isBare(lines.line(line))) this.block.complete = this.table.complete = false;
    if (this.depth <= 0) this.closeBlock(line + 1, true);
  }

  private readClose(line: number): void {
    if (!this.block) {
      if (!this.table) this.closings.push(line);
      return this.closeTable(line + 1, true);
    }
    this.depth += this.index.braces(line);
    if (this.depth > 0) return;
    this.closeBlock(line + 1, true);
    if (this.depth < 0) this.closeTable(line + 1, true);
  }

  private readInBlock(line: number, block: Open<Block>): void {
    const kind = this.index.kindCode(line);
    if (kind === kindCode.base) block.baseLine ??= line;
    if (kind === kindCode.elements) block.elementsLine ??= line;
    this.depth += this.index.braces(line);
    if (this.depth <= 0) this.closeBlock(line + 1, true);
  }

  private readOutside(line: number): void {
    if (this.index.kindCode(line) === kindCode.command) {
      this.closeTable(line, false);
      this.commands.push(line);
    } else (this.table?.properties ?? this.strays).push(line);
  }

  /** @param line of its header; undefined where that was cut off */
  private openTable(line: number | undefined, at: number): OpenTable {
    this.closeTable(at, false);
    const header = line === undefined ? {} : tableHeader(this.lines.line(line));
    return {
      ...{ family: header.family, name: header.name ?? '', end: at, blocks: [], properties: [] },
      complete: line !== undefined,
      ...(line !== undefined && { line }),
    };
  }

  private closeBlock(end: number, complete: boolean): void {
    const { block, table } = this;
    if (!block || !table) return;
    table.blocks.push({ ...block, end, complete: block.complete && complete });
    if (!complete) table.complete = false;
    this.block = undefined;
  }

  private closeTable(end: number, complete: boolean): void {
    this.closeBlock(end, false);
    const { table } = this;
    if (table) {
      const known = table.line === undefined ? cutTable(table.blocks, this.lines) : {};
      this.tables.push({ ...table, ...known, end, complete: table.complete && complete });
    }
    this.table = undefined;
  }
}

/** Whether nothing but a closing brace or `# handle 5` stands behind a block's opening brace. */
function isBare(line: string): boolean {
  const rest = line.slice(line.indexOf('{') + 1).trim();
  return rest === '' || rest === '}' || rest.startsWith('#');
}

const blockKinds: ReadonlyMap<number, Block['kind']> = new Map([
  [kindCode.chain, 'chain'],
  [kindCode.set, 'set'],
  [kindCode.map, 'map'],
  [kindCode.object, 'object'],
]);

/** `ct helper ftp {`: two words; `counter web {`: one. */
function objectKind(text: string): string {
  return /^\s*((?:ct )?\w+)/.exec(text)?.[1] ?? '';
}

const families: ReadonlySet<string> = new Set(['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev']);

/** `table ip kube-proxy {`; without a family it is ip: nft(8), "Address families". */
function tableHeader(text: string): { family?: TableFamily; name?: string } {
  const [, first, second] = /^\s*table\s+([^\s{]+)(?:\s+([^\s{]+))?/.exec(text) ?? [];
  if (second === undefined) return { family: 'ip', ...(first !== undefined && { name: first }) };
  return families.has(first!) ? { family: first as TableFamily, name: second } : { name: second };
}
