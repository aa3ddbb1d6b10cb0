import * as vscode from 'vscode';
import { nestedSelection } from '../selection';
import type { LineParser } from '../../syntax/treeSitter';
import type { DumpDocument } from '../../workspace/dumpDocument';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { rangeOf } from '../../workspace/places';

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

function aroundLine({ structure, lines }: DumpDocument, line: number): vscode.Range[] {
  const span = (start: number, last: number) =>
    new vscode.Range(start, 0, last, lines.line(last).length);
  const ranges = [span(0, lines.count - 1)];
  const section = structure.sectionAt(line);
  if (section) ranges.push(span(section.start, Math.max(section.start, section.end - 1)));
  const chain = structure.chains.chainAt(line);
  const rules = chain === undefined ? undefined : structure.chains.rules(chain);
  const at = rules?.indexOf(line) ?? -1;
  if (rules && at >= 0) {
    let first = at;
    let last = at;
    while (first > 0 && rules[first - 1] === rules[first]! - 1) first--;
    while (last + 1 < rules.length && rules[last + 1] === rules[last]! + 1) last++;
    ranges.push(span(rules[first]!, rules[last]!));
  }
  ranges.push(span(line, line));
  return ranges;
}
