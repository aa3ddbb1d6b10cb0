import type { DumpDocument } from '../../workspace/dumpDocument';

/** First and last line of what a line belongs to: the text, the table, its chain's rules beside it, itself. */
export function stretchesAround(
  { structure, lines }: Pick<DumpDocument, 'structure' | 'lines'>,
  line: number,
): [number, number][] {
  const stretches: [number, number][] = [[0, lines.count - 1]];
  const section = structure.sectionAt(line);
  if (section) stretches.push([section.start, Math.max(section.start, section.end - 1)]);
  const chain = structure.chains.chainAt(line);
  const rules = chain === undefined ? undefined : structure.chains.rules(chain);
  const at = rules?.indexOf(line) ?? -1;
  if (rules && at >= 0) {
    let first = at;
    let last = at;
    while (first > 0 && rules[first - 1] === rules[first]! - 1) first--;
    while (last + 1 < rules.length && rules[last + 1] === rules[last]! + 1) last++;
    stretches.push([rules[first]!, rules[last]!]);
  }
  stretches.push([line, line]);
  return stretches;
}
