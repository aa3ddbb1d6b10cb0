import * as vscode from 'vscode';
import type { Block, TableBlock } from '../../syntax/nft/structure/blocks';
import { nameKind, namesUsed, type NameUse } from '../../syntax/nft/structure/names';
import type { NftDocument, NftDocuments } from '../../workspace/nftDocuments';
import { rangeOf } from '../../workspace/places';
import { linesRange, nameRange, nftLabel, symbolKinds } from './symbols';
import { append } from '../../core/append';

/** Chains call chains, directly or through maps: who comes here, and where does this go. */
export function nftCallHierarchyProvider(documents: NftDocuments): vscode.CallHierarchyProvider {
  const read = async (item: vscode.CallHierarchyItem, token: vscode.CancellationToken) => {
    const listing = await documents.at(item.uri, token);
    const { line } = item.selectionRange.start;
    const [block, table] = [listing?.names.blockAt(line), listing?.names.tableAt(line)];
    return listing && block && table && { listing, block, table };
  };
  return {
    async prepareCallHierarchy(document, { line, character }, token) {
      const listing = await documents.open(document, token);
      const found = listing?.names.at(line, character);
      return found?.block && itemOf(listing!, found.table, found.block);
    },
    async provideCallHierarchyIncomingCalls(item, token) {
      const found = await read(item, token);
      if (!found) return [];
      const { listing, block, table } = found;
      const named = listing.names.find(nameKind(block), table, block.name);
      const uses = named ? listing.names.uses(named) : [];
      return [...byBlock(listing, uses)].map(
        ([caller, places]) =>
          new vscode.CallHierarchyIncomingCall(itemOf(listing, table, caller), places.map(rangeOf)),
      );
    },
    async provideCallHierarchyOutgoingCalls(item, token) {
      const found = await read(item, token);
      if (!found) return [];
      const { listing, block, table } = found;
      return [...usesWithin(listing, table, block)].map(
        ([callee, places]) =>
          new vscode.CallHierarchyOutgoingCall(itemOf(listing, table, callee), places.map(rangeOf)),
      );
    },
  };
}

function byBlock({ names }: NftDocument, uses: readonly NameUse[]): Map<Block, NameUse[]> {
  const found = new Map<Block, NameUse[]>();
  for (const use of uses) {
    const block = names.blockAt(use.line);
    if (!block) continue;
    append(found, block, use);
  }
  return found;
}

/** What VS Code shows of a large map: nobody reads 5,000 callees. */
const calleesShown = 500;

/** The chains, sets and objects that the lines of a block name. */
function usesWithin(listing: NftDocument, table: TableBlock, block: Block): Map<Block, NameUse[]> {
  const found = new Map<Block, NameUse[]>();
  for (let line = block.line + 1; line < block.end && found.size < calleesShown; line++) {
    for (const { kind, name, ...use } of namesUsed(listing.lines.line(line), line)) {
      const callee = listing.names.find(kind, table, name)?.block;
      if (callee) append(found, callee, use);
    }
  }
  return found;
}

function itemOf(listing: NftDocument, table: TableBlock, block: Block): vscode.CallHierarchyItem {
  const owner = `${table.family ?? ''} ${table.name}`.trim();
  return new vscode.CallHierarchyItem(
    symbolKinds[block.kind],
    nftLabel(block.name),
    owner,
    listing.uri,
    linesRange(listing, block.line, block.end),
    nameRange(listing, block),
  );
}
