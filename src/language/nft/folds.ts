import type { NftDocument } from '../../workspace/nftDocuments';

/** First and last line of each table, chain, set, map and object that folds: the closing brace stays. */
export function foldsOf({ blocks }: Pick<NftDocument, 'blocks'>): [number, number][] {
  return blocks.tables
    .flatMap(({ line, end, blocks: own }) => [
      ...(line === undefined ? [] : [{ line, end }]),
      ...own,
    ])
    .filter(({ line, end }) => end - line > 2)
    .map(({ line, end }): [number, number] => [line, end - 2]);
}
