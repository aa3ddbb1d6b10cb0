import * as vscode from 'vscode';
import type { NftDocuments } from '../../workspace/nftDocuments';
import { fuzzyMatches } from '../fuzzy';
import { nameRange, nftLabel } from './symbols';

/** Enough to choose from; typing more narrows it. */
const symbolsShown = 500;
/** Names of nft listings, as package.json's language has them; `node-a-nft-list-ruleset.txt` too. */
const listings =
  '**/*{nft*list-ruleset*,nft*list-table*,nft,nftables,nft-ruleset}.{txt,out,log,dump}';
const filesSearched = 40;

/** Chains, sets and maps of the open listings and of the workspace's files, by name or Service. */
export function nftWorkspaceSymbols(documents: NftDocuments): vscode.WorkspaceSymbolProvider {
  return {
    async provideWorkspaceSymbols(query, token) {
      const symbols: vscode.SymbolInformation[] = [];
      for (const uri of await toSearch(token)) {
        if (token.isCancellationRequested) break;
        // A file that can't be read is not in the answer; opening it says why.
        const listing = await documents.at(uri, token).catch(() => undefined);
        for (const table of listing?.blocks.tables ?? []) {
          for (const block of table.blocks) {
            if (symbols.length >= symbolsShown) return symbols;
            const name = nftLabel(block.name);
            if (!fuzzyMatches(query, name) && !fuzzyMatches(query, block.name)) continue;
            const kind =
              block.kind === 'chain' ? vscode.SymbolKind.Function : vscode.SymbolKind.Struct;
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

async function toSearch(token: vscode.CancellationToken): Promise<vscode.Uri[]> {
  const open = vscode.workspace.textDocuments
    .filter(({ languageId }) => languageId === 'nft-listing')
    .map(({ uri }) => uri);
  const files = await vscode.workspace.findFiles(listings, undefined, filesSearched, token);
  const known = new Set(open.map((uri) => uri.toString()));
  return [...open, ...files.filter((uri) => !known.has(uri.toString()))];
}
