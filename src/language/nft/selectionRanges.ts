import type * as vscode from 'vscode';
import type { NftGrammar } from '../../syntax/nft/grammar';
import type { NftDocument, NftDocuments } from '../../workspace/nftDocuments';
import { nestedSelection } from '../selection';
import { rangeOf } from '../../workspace/places';
import { ruleAt } from './place';
import { linesRange } from './symbols';

/** Expands from a word to what it belongs to, the statement, the rule, the chain or set, the table. */
export function nftSelectionProvider(
  documents: NftDocuments,
  grammar: () => Promise<NftGrammar>,
): vscode.SelectionRangeProvider {
  return {
    async provideSelectionRanges(document, positions, token) {
      const listing = await documents.open(document, token);
      if (!listing) return [];
      const parser = await grammar();
      return positions.map((position) =>
        nestedSelection(
          [...aroundLine(listing, position), ...inLine(listing, parser, position)],
          position,
        ),
      );
    },
  };
}

function inLine(
  { lines }: NftDocument,
  parser: NftGrammar,
  { line, character }: vscode.Position,
): vscode.Range[] {
  return parser
    .parse(lines.line(line))
    .nodes.filter(({ start, end }) => start <= character && character <= end)
    .map((node) => rangeOf({ line, ...node }));
}

function aroundLine(listing: NftDocument, { line, character }: vscode.Position): vscode.Range[] {
  const { names, lines } = listing;
  const ranges = [linesRange(listing, 0, lines.count), linesRange(listing, line, line + 1)];
  for (const stretch of [names.tableAt(line), names.blockAt(line)]) {
    if (stretch?.line !== undefined) ranges.push(linesRange(listing, stretch.line, stretch.end));
  }
  const rule = ruleAt(listing, line)?.rule;
  for (const { range } of rule ? [rule, ...rule.statements] : []) {
    const { start, end } = range;
    if (range.line !== line || start > character || character > end) continue;
    ranges.push(rangeOf(range));
  }
  return ranges;
}
