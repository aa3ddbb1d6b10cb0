import * as vscode from 'vscode';
import type { NftDocument, NftDocuments } from '../../workspace/nftDocuments';
import { rangeOf } from '../../workspace/places';
import { runInSlices } from '../../workspace/slices';
import { elementsWith } from '../../syntax/nft/ruleset/elementsWith';
import type { Block } from '../../syntax/nft/structure/blocks';
import { fuzzyMatches } from '../fuzzy';
import { symbolsShown, textsToSearch } from '../textsToSearch';
import { nftLabel } from './label';
import { nameRange, symbolKinds } from './symbols';

/** Names of nft listings, as package.json's language has them; `node-a-nft-list-ruleset.txt` too. */
const listings =
  '**/*{nft*list-ruleset*,nft*list-table*,nft,nftables,nft-ruleset}.{txt,out,log,dump}';

/**
 * Chains, sets, maps and objects of the open listings and of the workspace's files, by name or Service,
 * and elements by a part of them: an address, a port.
 */
export function nftWorkspaceSymbols(documents: NftDocuments): vscode.WorkspaceSymbolProvider {
  return {
    async provideWorkspaceSymbols(query, token) {
      const symbols: vscode.SymbolInformation[] = [];
      for (const uri of await textsToSearch('nft-listing', listings, token)) {
        // A file that can't be read is not in the answer; opening it says why.
        const listing = await documents.at(uri, token).catch(() => undefined);
        for (const table of listing?.blocks.tables ?? []) {
          for (const block of table.blocks) {
            if (symbols.length >= symbolsShown || token.isCancellationRequested) return symbols;
            const owner = `${table.family ?? ''} ${table.name}`.trim();
            const name = nftLabel(block.name);
            if (fuzzyMatches(query, name) || fuzzyMatches(query, block.name)) {
              const place = new vscode.Location(uri, nameRange(listing!, block));
              symbols.push(
                new vscode.SymbolInformation(name, symbolKinds[block.kind], owner, place),
              );
            }
            if (isPartOfElement(query)) {
              const most = symbolsShown - symbols.length;
              symbols.push(...(await elementSymbols(query, listing!, block, most)));
            }
          }
        }
      }
      return symbols;
    },
  };
}

/** Elements have no names, but addresses and ports; shorter words would find every one. */
function isPartOfElement(query: string): boolean {
  return query.length > 2 && /\d/.test(query);
}

async function elementSymbols(
  query: string,
  { uri, source, lines }: NftDocument,
  block: Block,
  most: number,
): Promise<readonly vscode.SymbolInformation[]> {
  const found = await runInSlices(elementsWith(query, { source, lines, block }, most));
  return found.map((range) => {
    const text = lines.line(range.line).slice(range.start, range.end);
    const place = new vscode.Location(uri, rangeOf(range));
    return new vscode.SymbolInformation(text, vscode.SymbolKind.EnumMember, block.name, place);
  });
}
