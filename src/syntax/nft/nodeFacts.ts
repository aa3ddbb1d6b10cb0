import type { NftRuleset } from '../../core/rules/ruleset';
import { finish } from '../../core/work';
import type { LineReader } from '../lines';
import type { NodeFacts } from '../node/nodeFacts';
import { nftJsonRuleset } from './json/ruleset';
import { NftLineIndex } from './lines/lineIndex';
import { readNftRuleset } from './ruleset/ruleset';
import { readBlocks } from './structure/blocks';

/**
 * What `nft list ruleset` tells of a node: its rules. The lines are kept, since rules and elements are
 * read when they are asked for.
 */
export function nftParser(source: string): LineReader<NodeFacts> {
  const texts: string[] = [];
  const index = new NftLineIndex();
  return {
    line(text, number) {
      // Of one output of several in a file: its lines keep their numbers.
      while (texts.length < number) {
        texts.push('');
        index.append('');
      }
      texts.push(text);
      index.append(text);
    },
    end() {
      const lines = { count: texts.length, line: (i: number) => texts[i] ?? '' };
      const blocks = finish(readBlocks(index, lines));
      const nftables = finish(readNftRuleset({ source, lines, index, blocks }));
      return factsOf(nftables);
    },
  };
}

/** The same of `nft -j list ruleset`. JSON is parsed as a whole: of a 6 MB ruleset that takes some 60 ms. */
export function nftJsonParser(source: string): LineReader<NodeFacts> {
  const texts: string[] = [];
  return {
    line: (text) => texts.push(text),
    end: () => factsOf(nftJsonRuleset(source, texts.join('\n'))),
  };
}

function factsOf(nftables: NftRuleset): ReturnType<LineReader<NodeFacts>['end']> {
  return { value: { nftables }, findings: nftables.findings };
}
