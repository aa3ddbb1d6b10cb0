import type { Lines } from '../../textLines';
import type { NftLineIndex } from '../lines/lineIndex';
import type { NftBlocks } from '../structure/blocks';

/** A text of nft, its index, and what its lines are. */
export interface IndexedNft {
  readonly source: string;
  readonly lines: Lines;
  readonly index: NftLineIndex;
  readonly blocks: NftBlocks;
}
