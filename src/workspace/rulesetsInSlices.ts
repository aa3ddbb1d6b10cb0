import type { Ruleset } from '../core/rules/ruleset';
import { indexLinesInSlices } from '../syntax/iptables/lines/lineIndex';
import { readRulesets } from '../syntax/iptables/ruleset/ruleset';
import { readStructure } from '../syntax/iptables/structure/structure';
import type { Lines } from '../syntax/textLines';
import type { LineParser } from '../syntax/treeSitter';
import { pause, runInSlices } from './slices';

/**
 * The rulesets of lines that are no document, giving way to other work in between.
 *
 * @param source what the rules' ranges name
 * @param path whose name may tell the table
 */
export async function readRulesetsInSlices(
  source: string,
  path: string,
  lines: Lines,
  parser: LineParser,
): Promise<readonly Ruleset[]> {
  const index = await indexLinesInSlices(lines, pause);
  if (!index) return [];
  const structure = await runInSlices(readStructure(index, lines, path));
  return runInSlices(readRulesets({ source, lines, index, structure }, parser));
}
