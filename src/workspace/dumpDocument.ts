import type { Uri } from 'vscode';
import type { Ruleset } from '../core/rules/ruleset';
import type { Work } from '../core/work';
import type { LineIndex } from '../syntax/iptables/lines/lineIndex';
import { readRulesets } from '../syntax/iptables/ruleset/ruleset';
import { readStructure, type Structure } from '../syntax/iptables/structure/structure';
import type { Lines } from '../syntax/textLines';
import type { LineParser } from '../syntax/treeSitter';

/** One version of a text that holds dumps of iptables. */
export interface DumpDocument {
  readonly uri: Uri;
  readonly lines: Lines;
  readonly index: LineIndex;
  readonly structure: Structure;
  /** One for each of `structure.dumps`. */
  readonly rulesets: readonly Ruleset[];
}

/** Reads what is more than the index; while the work goes on, the text must stay as it is. */
export function* readDumpDocument(
  uri: Uri,
  lines: Lines,
  index: LineIndex,
  parser: LineParser,
): Work<DumpDocument> {
  const structure = yield* readStructure(index, lines, uri.path);
  const text = { source: uri.toString(), lines, index, structure };
  return { uri, lines, index, structure, rulesets: yield* readRulesets(text, parser) };
}

/** The dump that a line belongs to. */
export function rulesetAt(document: DumpDocument, line: number): Ruleset | undefined {
  const { dumps, tables, tableAt } = document.structure;
  const number = tableAt(line);
  const table = number === undefined ? undefined : tables[number];
  return table && document.rulesets[dumps.findIndex((dump) => dump.tables.includes(table))];
}
