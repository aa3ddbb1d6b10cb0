import type { Uri } from 'vscode';
import type { NftRuleset } from '../core/rules/ruleset';
import type { Work } from '../core/work';
import { NftLineIndex } from '../syntax/nft/lines/lineIndex';
import { readNftRuleset } from '../syntax/nft/ruleset/ruleset';
import type { IndexedNft } from '../syntax/nft/ruleset/indexedNft';
import { readBlocks } from '../syntax/nft/structure/readBlocks';
import { readNames, type NftNames } from '../syntax/nft/structure/names';
import type { Lines } from '../syntax/textLines';
import { IndexedDocuments } from './indexedDocuments';

/** One version of a text of `nft list ...`. */
export interface NftDocument extends IndexedNft {
  readonly uri: Uri;
  /** Chains and sets by name, and where they are used. */
  readonly names: NftNames;
  readonly ruleset: NftRuleset;
}

/** Listings of nft, open or not. */
export class NftDocuments extends IndexedDocuments<NftLineIndex, NftDocument> {
  constructor() {
    super({ index: (capacity) => new NftLineIndex(capacity), read: readNftDocument });
  }
}

function* readNftDocument(uri: Uri, lines: Lines, index: NftLineIndex): Work<NftDocument> {
  const source = uri.toString();
  const blocks = yield* readBlocks(index, lines);
  const text = { source, lines, index, blocks };
  const names = yield* readNames(lines, blocks);
  return { ...text, uri, names, ruleset: yield* readNftRuleset(text) };
}
