import type { Chain, Rule, Table } from '../../core/rules/ruleset';
import type { TableBlock } from '../../syntax/nft/structure/blocks';
import type { NftDocument } from '../../workspace/nftDocuments';

/** What the features read of an nft listing, without VS Code. */
export type NftListing = Omit<NftDocument, 'uri'>;

/** The table as its rules are read; a table that is listed in pieces is one. */
export function tableOf({ ruleset }: NftListing, block: TableBlock): Table | undefined {
  return ruleset.tables.find(
    ({ family, name }) => name === block.name && family === (block.family ?? 'ip'),
  );
}

/** A rule and where it stands in its chain, from 0. */
export interface NftRulePlace {
  readonly table: Table;
  readonly chain: Chain;
  readonly index: number;
  readonly rule: Rule;
}

/** The rule that a line belongs to; the rules of a listed chain stand in its order. */
export function ruleAt(listing: NftListing, line: number): NftRulePlace | undefined {
  const block = listing.names.blockAt(line);
  const owner = listing.names.tableAt(line);
  const table = owner && tableOf(listing, owner);
  const chain = block?.kind === 'chain' ? table?.chains.get(block.name) : undefined;
  if (!table || !chain) return undefined;
  let low = 0;
  let high = chain.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (chain.rule(middle).range.line <= line) low = middle + 1;
    else high = middle;
  }
  const index = low - 1;
  if (index < 0 || line === block?.line || line === block!.end - 1) return undefined;
  return { table, chain, index, rule: chain.rule(index) };
}
