import * as vscode from 'vscode';
import type { DumpDocument } from '../../workspace/dumpDocument';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { calleesOf, callersOf, lineOfChain } from './calls';
import { chainAt } from './chainAt';
import { chainLabel } from './chainTitle';
import { nameRange } from './nameRange';

/** Chains call chains: who jumps here, and where does this chain go. */
export function callHierarchyProvider(documents: DumpDocuments): vscode.CallHierarchyProvider {
  const read = async (item: vscode.CallHierarchyItem, token: vscode.CancellationToken) => {
    const dump = await documents.at(item.uri, token);
    const { line, character } = item.selectionRange.start;
    const found = dump && chainAt(dump.structure, line, dump.lines.line(line), character);
    return found && { dump, chain: found.chain };
  };
  return {
    async prepareCallHierarchy(document, position, token) {
      const dump = await documents.open(document, token);
      const { line, character } = position;
      const found = dump && chainAt(dump.structure, line, dump.lines.line(line), character);
      return found && itemOf(dump, found.chain);
    },
    async provideCallHierarchyIncomingCalls(item, token) {
      const found = await read(item, token);
      if (!found) return [];
      return [...callersOf(found.dump.structure, found.chain)].map(
        ([caller, lines]) =>
          new vscode.CallHierarchyIncomingCall(
            itemOf(found.dump, caller),
            lines.map((line) => nameRange(found.dump, found.chain, line)),
          ),
      );
    },
    async provideCallHierarchyOutgoingCalls(item, token) {
      const found = await read(item, token);
      if (!found) return [];
      return [...calleesOf(found.dump.structure, found.chain)].map(
        ([callee, lines]) =>
          new vscode.CallHierarchyOutgoingCall(
            itemOf(found.dump, callee),
            lines.map((line) => nameRange(found.dump, callee, line)),
          ),
      );
    },
  };
}

function itemOf(dump: DumpDocument, chain: number): vscode.CallHierarchyItem {
  const { chains, tables } = dump.structure;
  const place = lineOfChain(dump, chain);
  const table = tables[chains.table(chain)]?.name ?? '';
  return new vscode.CallHierarchyItem(
    vscode.SymbolKind.Function,
    chainLabel(dump, chain),
    table,
    dump.uri,
    new vscode.Range(place, 0, place, dump.lines.line(place).length),
    nameRange(dump, chain, place),
  );
}
