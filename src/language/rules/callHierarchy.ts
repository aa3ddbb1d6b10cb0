import * as vscode from 'vscode';
import type { DumpDocument } from '../../workspace/dumpDocument';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { chainAt } from './chainAt';
import { chainLabel } from './chainTitle';
import { nameRange } from './nameRange';
import { append } from '../../core/append';

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
      const { chains } = found.dump.structure;
      const calls = callsBy(chains.references(found.chain), (line) => chains.chainAt(line));
      return [...calls].map(
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
      const { chains } = found.dump.structure;
      const calls = callsBy(chains.rules(found.chain), (line) => chains.targetAt(line));
      return [...calls].map(
        ([callee, lines]) =>
          new vscode.CallHierarchyOutgoingCall(
            itemOf(found.dump, callee),
            lines.map((line) => nameRange(found.dump, callee, line)),
          ),
      );
    },
  };
}

function callsBy(
  lines: Iterable<number>,
  chainOf: (line: number) => number | undefined,
): Map<number, number[]> {
  const calls = new Map<number, number[]>();
  for (const line of lines) {
    const chain = chainOf(line);
    if (chain === undefined) continue;
    append(calls, chain, line);
  }
  return calls;
}

function itemOf(dump: DumpDocument, chain: number): vscode.CallHierarchyItem {
  const { chains, tables } = dump.structure;
  const line = chains.rules(chain)[0] ?? chains.declaration(chain) ?? chains.references(chain)[0]!;
  const listed = dump.index.kind(line) === 'listing-rule' ? chains.declaration(chain) : undefined;
  const place = listed ?? line;
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
