import type { NftRuleset } from '../../core/rules/ruleset';
import { finish, type Work } from '../../core/work';
import type { LineReader, Parsed } from '../lines';
import type { NodeFacts } from '../node/nodeFacts';
import { readNftJson } from './json/ruleset';
import { NftLineIndex } from './lines/lineIndex';
import { readNftRuleset } from './ruleset/ruleset';
import { readBlocks } from './structure/readBlocks';

/**
 * What `nft list ruleset` tells of a node: its rules. The lines are kept, since rules and elements are
 * read when they are asked for.
 */
export function nftParser(source: string): LineReader<NodeFacts> {
  const texts: string[] = [];
  const index = new NftLineIndex();
  return endingWith(
    (text, number) => {
      // Of one output of several in a file: its lines keep their numbers.
      while (texts.length < number) {
        texts.push('');
        index.append('');
      }
      texts.push(text);
      index.append(text);
    },
    function* () {
      const lines = { count: texts.length, line: (i: number) => texts[i] ?? '' };
      const blocks = yield* readBlocks(index, lines);
      return yield* readNftRuleset({ source, lines, index, blocks });
    },
  );
}

/** The same of `nft -j list ruleset`. */
export function nftJsonParser(source: string): LineReader<NodeFacts> {
  const texts: string[] = [];
  return endingWith(
    (text) => void texts.push(text),
    () => readNftJson(source, texts.join('\n')),
  );
}

/** @param read what there is to do once all lines are there */
function endingWith(
  line: LineReader<NodeFacts>['line'],
  read: () => Work<NftRuleset>,
): LineReader<NodeFacts> {
  function* ending(): Work<Parsed<NodeFacts>> {
    const nftables = yield* read();
    return { value: { nftables }, findings: nftables.findings };
  }
  return { line, ending, end: () => finish(ending()) };
}
