import type { TableFamily } from '../../../core/rules/ruleset';
import type { Work } from '../../../core/work';
import type { Lines } from '../../textLines';
import { kindCode } from '../lines/lineKind';
import type { NftLineIndex } from '../lines/lineIndex';
import type { Block, NftBlocks, TableBlock } from './blocks';
import { cutTable } from './cutTable';

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** Walks the kinds of all lines once, so that an edit need not keep blocks up to date. */
export function* readBlocks(index: NftLineIndex, lines: Lines): Work<NftBlocks> {
  const tables: TableBlock[] = [];
  const commands: number[] = [];
  const prompts: number[] = [];
  const strays: number[] = [];
  let table: (Open<TableBlock> & { blocks: Block[]; properties: number[] }) | undefined;
  let block: Open<Block> | undefined;
  /** Open braces of the block. */
  let depth = 0;

  function closeBlock(end: number, complete: boolean): void {
    if (!block || !table) return;
    table.blocks.push({ ...block, end, complete: block.complete && complete });
    if (!complete) table.complete = false;
    block = undefined;
  }

  function closeTable(end: number, complete: boolean): void {
    closeBlock(end, false);
    if (table) {
      const known = table.line === undefined ? cutTable(table.blocks, lines) : {};
      tables.push({ ...table, ...known, end, complete: table.complete && complete });
    }
    table = undefined;
  }

  function openTable(line: number | undefined, at: number): NonNullable<typeof table> {
    closeTable(at, false);
    const header = line === undefined ? {} : tableHeader(lines.line(line));
    return {
      ...{ family: header.family, name: header.name ?? '', end: at, blocks: [], properties: [] },
      complete: line !== undefined,
      ...(line !== undefined && { line }),
    };
  }

  for (let line = 0; line < index.count; line++) {
    if (line % 4000 === 3999) yield;
    switch (index.kindCode(line)) {
      case kindCode.blank:
      case kindCode.comment:
        break;
      case kindCode.prompt:
        closeTable(line, false);
        prompts.push(line);
        break;
      case kindCode.cut:
        if (block) block.complete = false;
        if (table) table.complete = false;
        break;
      case kindCode.table:
        table = openTable(line, line);
        // `table ip x { chain y { ... } }`: what stands behind the brace is not taken apart.
        if (!isBare(lines.line(line))) table.complete = false;
        if (index.braces(line) <= 0) closeTable(line + 1, true);
        break;
      case kindCode.chain:
      case kindCode.set:
      case kindCode.map:
      case kindCode.object:
        closeBlock(line, false);
        table ??= openTable(undefined, line);
        block = {
          kind: blockKinds.get(index.kindCode(line))!,
          name: index.names.text(index.name(line)),
          ...{ line, end: line, complete: true },
        };
        if (block.kind === 'object') block.object = objectKind(lines.line(line));
        depth = index.braces(line);
        if (!isBare(lines.line(line))) block.complete = table.complete = false;
        if (depth <= 0) closeBlock(line + 1, true);
        break;
      case kindCode.close:
        if (!block) closeTable(line + 1, true);
        else if ((depth += index.braces(line)) <= 0) {
          closeBlock(line + 1, true);
          if (depth < 0) closeTable(line + 1, true);
        }
        break;
      default:
        if (block) {
          if (index.kindCode(line) === kindCode.base) block.baseLine ??= line;
          if (index.kindCode(line) === kindCode.elements) block.elementsLine ??= line;
          depth += index.braces(line);
          if (depth <= 0) closeBlock(line + 1, true);
        } else if (index.kindCode(line) === kindCode.command) {
          closeTable(line, false);
          commands.push(line);
        } else (table?.properties ?? strays).push(line);
    }
  }
  closeTable(index.count, false);
  return { tables, commands, prompts, strays };
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
