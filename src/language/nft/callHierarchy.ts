import * as vscode from 'vscode';
import type { Block, TableBlock } from '../../syntax/nft/structure/blocks';
import type { NftDocument, NftDocuments } from '../../workspace/nftDocuments';
import { rangeOf } from '../../workspace/places';
import { calleesOf, callersOf } from './calls';
import { nftLabel } from './label';
import { linesRange, nameRange, symbolKinds } from './symbols';

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
      return [...callersOf(listing, table, block)].map(
        ([caller, places]) =>
          new vscode.CallHierarchyIncomingCall(itemOf(listing, table, caller), places.map(rangeOf)),
      );
    },
    async provideCallHierarchyOutgoingCalls(item, token) {
      const found = await read(item, token);
      if (!found) return [];
      const { listing, block, table } = found;
      return [...calleesOf(listing, table, block)].map(
        ([callee, places]) =>
          new vscode.CallHierarchyOutgoingCall(itemOf(listing, table, callee), places.map(rangeOf)),
      );
    },
  };
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
