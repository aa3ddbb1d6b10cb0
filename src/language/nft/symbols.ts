import * as vscode from 'vscode';
import { nftNameParts } from '../../core/kubeproxy/nftables/known';
import { readChainLines } from '../../syntax/nft/structure/chainLines';
import type { Block, TableBlock } from '../../syntax/nft/structure/blocks';
import type { NftDocument, NftDocuments } from '../../workspace/nftDocuments';

/** What lists show a block as. */
export const symbolKinds: Readonly<Record<Block['kind'], vscode.SymbolKind>> = {
  chain: vscode.SymbolKind.Function,
  set: vscode.SymbolKind.Array,
  map: vscode.SymbolKind.Struct,
  object: vscode.SymbolKind.Object,
};

/** The outline: table > chain, set, map, object; chains named by their Service. */
export function nftSymbolProvider(documents: NftDocuments): vscode.DocumentSymbolProvider {
  return {
    async provideDocumentSymbols(document, token) {
      const listing = await documents.open(document, token);
      return listing?.blocks.tables.map((table) => tableSymbol(listing, table)) ?? [];
    },
  };
}

function tableSymbol(listing: NftDocument, table: TableBlock): vscode.DocumentSymbol {
  const line = table.line ?? table.blocks[0]?.line ?? 0;
  const symbol = new vscode.DocumentSymbol(
    table.name || vscode.l10n.t('(table not named)'),
    table.family ?? '',
    vscode.SymbolKind.Namespace,
    linesRange(listing, line, table.end),
    linesRange(listing, line, line + 1),
  );
  symbol.children = table.blocks.map((block) => blockSymbol(listing, block));
  return symbol;
}

function blockSymbol(listing: NftDocument, block: Block): vscode.DocumentSymbol {
  return new vscode.DocumentSymbol(
    nftLabel(block.name),
    detail(listing, block),
    symbolKinds[block.kind],
    linesRange(listing, block.line, block.end),
    nameRange(listing, block),
  );
}

function detail({ index, lines }: NftDocument, block: Block): string {
  if (block.kind !== 'chain') return block.object ?? block.kind;
  if (block.baseLine !== undefined) return lines.line(block.baseLine).trim();
  const count = readChainLines(block, index, lines).rules.length;
  return count === 1 ? vscode.l10n.t('1 rule') : vscode.l10n.t('{0} rules', count);
}

/**
 * How lists name a chain, set or map: by its Service first, `default/whoami:http  service-LX3JQ64U`,
 * of an endpoint `default/whoami:http -> 10.244.0.3:3000  endpoint-4SIB47QV`.
 */
export function nftLabel(name: string): string {
  const parts = nftNameParts(name);
  if (!parts) return name;
  const { kind, hash, service, endpoint } = parts;
  const title = endpoint === undefined ? service : `${service} -> ${endpoint}`;
  return `${title}  ${kind}-${hash}`;
}

/** From the beginning of one line to the end of the line before another. */
export function linesRange({ lines }: NftDocument, line: number, end: number): vscode.Range {
  const last = Math.max(line, end - 1);
  return new vscode.Range(line, 0, last, lines.line(last).length);
}

/** Where a block's name stands on its first line. */
export function nameRange({ lines }: NftDocument, block: Block): vscode.Range {
  const text = lines.line(block.line);
  const start = text.indexOf(block.name, /^\s*(?:ct )?\w+\s/.exec(text)?.[0].length ?? 0);
  return new vscode.Range(block.line, start, block.line, start + block.name.length);
}
