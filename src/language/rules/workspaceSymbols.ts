import * as vscode from 'vscode';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { fuzzyMatches } from '../fuzzy';
import { symbolsShown, textsToSearch } from '../textsToSearch';
import { chainLabel } from './chainTitle';
import { nameRange } from './nameRange';

/** Names of iptables dumps, as package.json's language has them; `node-a-iptables-save.txt` too. */
const dumpFiles = '**/*{ip,ip6}tables*{save,-S,-L}*';

/** Chains of the open dumps and of the workspace's iptables-save files, by name or Service. */
export function workspaceSymbolProvider(documents: DumpDocuments): vscode.WorkspaceSymbolProvider {
  return {
    async provideWorkspaceSymbols(query, token) {
      const symbols: vscode.SymbolInformation[] = [];
      for (const uri of await textsToSearch('iptables-save', dumpFiles, token)) {
        if (token.isCancellationRequested || symbols.length >= symbolsShown) break;
        // A file that can't be read is not in the answer; opening it says why.
        const dump = await documents.at(uri, token).catch(() => undefined);
        if (!dump) continue;
        const { chains, tables } = dump.structure;
        for (let chain = 0; chain < chains.count && symbols.length < symbolsShown; chain++) {
          const line = chains.rules(chain)[0] ?? chains.declaration(chain);
          if (line === undefined) continue;
          const name = chainLabel(dump, chain);
          if (!fuzzyMatches(query, name)) continue;
          const table = tables[chains.table(chain)]?.name ?? '';
          symbols.push(
            new vscode.SymbolInformation(
              name,
              vscode.SymbolKind.Function,
              table,
              new vscode.Location(uri, nameRange(dump, chain, line)),
            ),
          );
        }
      }
      return symbols;
    },
  };
}
