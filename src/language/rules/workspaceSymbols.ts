import * as vscode from 'vscode';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { fuzzyMatches } from '../fuzzy';
import { nameColumns } from './chainAt';
import { chainLabel } from './chainTitle';

/** Enough to choose from; typing more narrows it. */
const symbolsShown = 500;
/** Names of iptables dumps, as package.json's language has them; `node-a-iptables-save.txt` too. */
const dumpFiles = '**/*{ip,ip6}tables*{save,-S,-L}*';
const filesSearched = 40;

/** Chains of the open dumps and of the workspace's iptables-save files, by name or Service. */
export function workspaceSymbolProvider(documents: DumpDocuments): vscode.WorkspaceSymbolProvider {
  return {
    async provideWorkspaceSymbols(query, token) {
      const symbols: vscode.SymbolInformation[] = [];
      for (const uri of await dumpsToSearch(token)) {
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
          const { start, end } = nameColumns(dump.structure, chain, line, dump.lines.line(line));
          const table = tables[chains.table(chain)]?.name ?? '';
          symbols.push(
            new vscode.SymbolInformation(
              name,
              vscode.SymbolKind.Function,
              table,
              new vscode.Location(uri, new vscode.Range(line, start, line, end)),
            ),
          );
        }
      }
      return symbols;
    },
  };
}

async function dumpsToSearch(token: vscode.CancellationToken): Promise<vscode.Uri[]> {
  const open = vscode.workspace.textDocuments
    .filter(({ languageId }) => languageId === 'iptables-save')
    .map(({ uri }) => uri);
  const files = await vscode.workspace.findFiles(dumpFiles, undefined, filesSearched, token);
  const known = new Set(open.map((uri) => uri.toString()));
  return [...open, ...files.filter((uri) => !known.has(uri.toString()))];
}
