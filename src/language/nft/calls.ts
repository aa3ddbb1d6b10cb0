import { append } from '../../core/append';
import type { Block, TableBlock } from '../../syntax/nft/structure/blocks';
import { nameKind, namesUsed, type NameUse } from '../../syntax/nft/structure/names';
import type { NftListing } from './place';

/** The places of a block's calls, by the block at their other end. */
export type Calls = ReadonlyMap<Block, readonly NameUse[]>;

type NamedListing = Pick<NftListing, 'names' | 'lines'>;

/** The chains with rules, and the maps with elements, that name a block. */
export function callersOf({ names }: NamedListing, table: TableBlock, block: Block): Calls {
  const found = new Map<Block, NameUse[]>();
  const named = names.find(nameKind(block), table, block.name);
  for (const use of named ? names.uses(named) : []) {
    const caller = names.blockAt(use.line);
    if (caller) append(found, caller, use);
  }
  return found;
}

/** What VS Code shows of a large map: nobody reads 5,000 callees. */
const calleesShown = 500;

/** The chains, sets and objects that the lines of a block name. */
export function calleesOf({ names, lines }: NamedListing, table: TableBlock, block: Block): Calls {
  const found = new Map<Block, NameUse[]>();
  for (let line = block.line + 1; line < block.end && found.size < calleesShown; line++) {
    for (const { kind, name, ...use } of namesUsed(lines.line(line), line)) {
      const callee = names.find(kind, table, name)?.block;
      if (callee) append(found, callee, use);
    }
  }
  return found;
}
