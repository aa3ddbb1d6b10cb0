import * as vscode from 'vscode';
import type { NftDocuments } from '../../workspace/nftDocuments';
import { fuzzyMatches } from '../fuzzy';
import { symbolsShown, textsToSearch } from '../textsToSearch';
import { nameRange, nftLabel, symbolKinds } from './symbols';

/** Names of nft listings, as package.json's language has them; `node-a-nft-list-ruleset.txt` too. */
const listings =
  '**/*{nft*list-ruleset*,nft*list-table*,nft,nftables,nft-ruleset}.{txt,out,log,dump}';

/** Chains, sets, maps and objects of the open listings and of the workspace's files, by name or Service. */
export function nftWorkspaceSymbols(documents: NftDocuments): vscode.WorkspaceSymbolProvider {
  return {
    async provideWorkspaceSymbols(query, token) {
      const symbols: vscode.SymbolInformation[] = [];
      for (const uri of await textsToSearch('nft-listing', listings, token)) {
        if (token.isCancellationRequested) break;
        // A file that can't be read is not in the answer; opening it says why.
        const listing = await documents.at(uri, token).catch(() => undefined);
        for (const table of listing?.blocks.tables ?? []) {
          for (const block of table.blocks) {
            if (symbols.length >= symbolsShown) return symbols;
            const name = nftLabel(block.name);
            if (!fuzzyMatches(query, name) && !fuzzyMatches(query, block.name)) continue;
            const kind = symbolKinds[block.kind];
            const place = new vscode.Location(uri, nameRange(listing!, block));
            const owner = `${table.family ?? ''} ${table.name}`.trim();
            symbols.push(new vscode.SymbolInformation(name, kind, owner, place));
          }
        }
      }
      return symbols;
    },
  };
}
