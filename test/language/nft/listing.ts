import { finish } from '../../../src/core/work';
import type { NftListing } from '../../../src/language/nft/place';
import { indexNftLines } from '../../../src/syntax/nft/lines/lineIndex';
import { readNftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { readBlocks } from '../../../src/syntax/nft/structure/readBlocks';
import { readNames } from '../../../src/syntax/nft/structure/names';
import { textLines } from '../../../src/syntax/textLines';

/** A listing as the features read it. */
export function listingOf(text: string): NftListing {
  const lines = textLines(text);
  const index = indexNftLines(lines);
  const blocks = finish(readBlocks(index, lines));
  const indexed = { source: 'x', lines, index, blocks };
  const names = finish(readNames(lines, blocks));
  return { ...indexed, names, ruleset: finish(readNftRuleset(indexed)) };
}
