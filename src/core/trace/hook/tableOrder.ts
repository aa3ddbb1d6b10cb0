import type { Family } from '../../address';
import type { NodeState } from '../../node';
import type { Ruleset, Table } from '../../rules/ruleset';
import { renderedTable } from './renderedTable';

export interface OrderedTable {
  readonly table: Table;
  /** It is one of nft's listing rather than of an iptables dump. */
  readonly listed: boolean;
  /** It is of nf_tables, be it through iptables-nft. */
  readonly nft: boolean;
  /** Whether nft's listing has its place among the others. */
  readonly created: 'listed' | 'unknown';
}

/**
 * The tables whose chains see packets of a family, as far as known in the order in which they were
 * created. Tables of iptables-nft stand where nft lists them, but with the rules of iptables-save where
 * there is one: nft prints them falsely. Legacy tables, which nft does not see, come last.
 */
export function tablesInOrder(node: NodeState, family: Family): readonly OrderedTable[] {
  const dumps = node.rulesets.filter((ruleset) => ruleset.family === family);
  const listed = node.nftables?.tables.filter((table) => sees(table, family)) ?? [];
  const taken = new Set<Table>();
  const order = listed.map((table): OrderedTable => {
    const dumped = dumps
      .map((ruleset) => sameTable(ruleset, table))
      .find((one) => one !== undefined);
    if (!dumped) {
      return { table: renderedTable(table), listed: true, nft: true, created: 'listed' };
    }
    taken.add(dumped);
    return { table: dumped, listed: false, nft: true, created: 'listed' };
  });
  const rest = dumps
    .flatMap(({ tables, backend }) =>
      [...tables.values()].map((table): OrderedTable => {
        const nft = backend === 'nf_tables';
        return { table, listed: false, nft, created: 'unknown' };
      }),
    )
    .filter(({ table }) => !taken.has(table));
  // Where only dumps of iptables are at hand, the rules of the first are asked first.
  return [...order, ...rest.reverse()];
}

/** A dormant table is not called; chains of netdev see packets of every family. */
function sees({ family, dormant }: Table, wanted: Family): boolean {
  if (dormant) return false;
  return family === 'inet' || family === 'netdev' || family === (wanted === 4 ? 'ip' : 'ip6');
}

/** iptables-nft's table in its own dump: of the same name, with a built-in chain in both. */
function sameTable({ backend, tables }: Ruleset, table: Table): Table | undefined {
  const dumped = backend === 'legacy' ? undefined : tables.get(table.name);
  if (!dumped || dumped.family !== table.family) return undefined;
  const both = [...table.chains.values()].some(
    ({ name, base }) => base !== undefined && dumped.chains.get(name)?.base !== undefined,
  );
  return both ? dumped : undefined;
}
