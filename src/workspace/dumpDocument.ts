import type { Uri } from 'vscode';
import type { Ruleset } from '../core/rules/ruleset';
import type { LineIndex } from '../syntax/lineIndex';
import { readRulesets } from '../syntax/ruleset';
import { structureOf, type Structure } from '../syntax/structure';
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

/** Everything beyond the index is made when first asked for. */
export function dumpDocument(
  uri: Uri,
  lines: Lines,
  index: LineIndex,
  parser: LineParser,
): DumpDocument {
  let structure: Structure | undefined;
  let rulesets: readonly Ruleset[] | undefined;
  return {
    uri,
    lines,
    index,
    get structure() {
      return (structure ??= structureOf(index, lines));
    },
    get rulesets() {
      const text = { source: uri.toString(), lines, index, structure: this.structure };
      return (rulesets ??= readRulesets(text, parser));
    },
  };
}

/** The dump that a line belongs to. */
export function rulesetAt(document: DumpDocument, line: number): Ruleset | undefined {
  const { dumps, tables, tableAt } = document.structure;
  const number = tableAt(line);
  const table = number === undefined ? undefined : tables[number];
  return table && document.rulesets[dumps.findIndex((dump) => dump.tables.includes(table))];
}
