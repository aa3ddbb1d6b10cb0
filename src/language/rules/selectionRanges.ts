import * as vscode from 'vscode';
import { nestedSelection } from '../selection';
import type { LineParser } from '../../syntax/treeSitter';
import type { DumpDocument } from '../../workspace/dumpDocument';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { rangeOf } from '../../workspace/places';
import { stretchesAround } from './stretches';

/** Expands from a value to its option, the rule, the chain's rules and the table. */
export function selectionRangeProvider(
  documents: DumpDocuments,
  parser: () => Promise<LineParser>,
): vscode.SelectionRangeProvider {
  return {
    async provideSelectionRanges(document, positions, token) {
      const dump = await documents.open(document, token);
      if (!dump) return [];
      const grammar = await parser();
      return positions.map((position) => selectionAt(dump, grammar, position));
    },
  };
}

function selectionAt(
  dump: DumpDocument,
  parser: LineParser,
  position: vscode.Position,
): vscode.SelectionRange {
  const { line, character } = position;
  const text = dump.lines.line(line);
  const inLine = parser
    .parse(text)
    .nodes.filter(({ start, end }) => start <= character && character <= end)
    .map((node) => rangeOf({ line, ...node }));
  return nestedSelection([...aroundLine(dump, line), ...inLine], position);
}

function aroundLine(dump: DumpDocument, line: number): vscode.Range[] {
  const { lines } = dump;
  return stretchesAround(dump, line).map(
    ([first, last]) => new vscode.Range(first, 0, last, lines.line(last).length),
  );
}
