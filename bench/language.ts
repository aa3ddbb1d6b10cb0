import { indexLines } from '../src/syntax/iptables/lines/lineIndex';
import { finish } from '../src/core/work';
import { readRulesets } from '../src/syntax/iptables/ruleset/ruleset';
import { structureOf } from '../src/syntax/iptables/structure/structure';
import { textLines, type Lines } from '../src/syntax/textLines';
import type { LineParser } from '../src/syntax/treeSitter';
import { formatMs, median, times } from './measure';

/** One row of the table: what was measured, its median, and what it has to stay below. */
export type Row = readonly [what: string, median: string, target: string];

/**
 * What a key press and the request behind it cost in the editor, at a dump of this text: an edited
 * line at a random place, then a definition and a hover at another one.
 */
export function measureEditor(name: string, text: string, parser: LineParser): Row[] {
  const texts = text.split('\n');
  const lines: Lines = { count: texts.length, line: (i) => texts[i] ?? '' };
  const index = indexLines(textLines(text));
  const place = (i: number) => (i * 7919) % (texts.length - 10);

  const keystroke = times(501, (i) => {
    const line = place(i);
    texts[line] += ' ';
    index.edit(line, 1, [texts[line]!]);
  });
  const lineBreak = times(501, (i) => {
    const line = place(i);
    const added = i % 2 === 0;
    texts.splice(line, added ? 0 : 1, ...(added ? ['# note'] : []));
    index.edit(line, added ? 0 : 1, added ? ['# note'] : []);
  });
  const definition = times(51, (i) => {
    const { chains } = structureOf(index, lines);
    let line = place(i);
    while (chains.targetAt(line) === undefined && line < texts.length - 1) line++;
    const target = chains.targetAt(line);
    return target === undefined ? undefined : chains.declaration(target);
  });
  const structure = structureOf(index, lines);
  const [ruleset] = finish(readRulesets({ source: name, lines, index, structure }, parser));
  const chains = [...ruleset!.tables.values()].flatMap((table) => [...table.chains.values()]);
  const hover = times(501, (i) => {
    const chain = chains[place(i) % chains.length]!;
    return chain.length > 0 ? chain.rule(0) : undefined;
  });
  return [
    [`${name}: key press, index up to date`, formatMs(median(keystroke)), '2 ms'],
    [`${name}: line added or removed`, formatMs(median(lineBreak)), '2 ms'],
    [`${name}: definition right after an edit`, formatMs(median(definition)), '20 ms'],
    [`${name}: one rule decoded (hover)`, formatMs(median(hover)), '20 ms'],
  ];
}
