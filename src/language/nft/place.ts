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
  if (!owner) return commandRuleAt(listing, line);
  const table = tableOf(listing, owner);
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

/** `nft add rule ip nat postrouting masquerade`, `insert rule inet filter input index 2 accept`. */
const ruleCommand =
  /^\s*(?:nft\s+)?'?(?:add|insert|create)\s+rule\s+(?:(ip6?|inet|arp|bridge|netdev)\s+)?(\S+)\s+(\S+)/;

/** The rule that a command puts into its chain. */
function commandRuleAt({ lines, ruleset }: NftListing, line: number): NftRulePlace | undefined {
  const [, family = 'ip', tableName, name] = ruleCommand.exec(lines.line(line)) ?? [];
  const table = ruleset.tables.find((one) => one.name === tableName && one.family === family);
  const chain = name === undefined ? undefined : table?.chains.get(name);
  for (let index = 0; table && chain && index < chain.length; index++) {
    const rule = chain.rule(index);
    if (rule.range.line === line) return { table, chain, index, rule };
  }
  return undefined;
}
