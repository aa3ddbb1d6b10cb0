import * as vscode from 'vscode';
import type { Block, TableBlock } from '../../syntax/nft/structure/blocks';
import type { NftDocument, NftDocuments } from '../../workspace/nftDocuments';
import { rangeOf } from '../../workspace/places';
import { detailOf, nameColumns, nftLabel } from './label';

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
    detailOf(listing, block),
    symbolKinds[block.kind],
    linesRange(listing, block.line, block.end),
    nameRange(listing, block),
  );
}

/** From the beginning of one line to the end of the line before another. */
export function linesRange({ lines }: NftDocument, line: number, end: number): vscode.Range {
  const last = Math.max(line, end - 1);
  return new vscode.Range(line, 0, last, lines.line(last).length);
}

/** Where a block's name stands on its first line. */
export function nameRange({ lines }: NftDocument, block: Block): vscode.Range {
  return rangeOf({ line: block.line, ...nameColumns(lines.line(block.line), block.name) });
}
