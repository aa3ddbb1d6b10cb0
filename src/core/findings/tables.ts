import type { NodeState } from '../node';
import { once } from '../once';
import { rulesIn } from '../rules/lookUp';
import type { Chain, Rule, Ruleset, Table } from '../rules/ruleset';
import { mapInPieces, type Work } from '../work';

/** One table of a node's rules. */
export interface NodeTable {
  readonly ruleset: Ruleset;
  readonly table: Table;
}

/** The tables of one name, both families and backends. */
export function tablesOf({ rulesets }: NodeState, name: string): readonly NodeTable[] {
  return rulesets.flatMap((ruleset) => {
    const table = ruleset.tables.get(name);
    return table ? [{ ruleset, table }] : [];
  });
}

/** The tables that iptables' rules may stand in, in the order in which netfilter asks them. */
export function* eachTable(node: NodeState): Generator<{ name: string; table: Table }> {
  for (const name of ['raw', 'mangle', 'nat', 'filter']) {
    for (const { table } of tablesOf(node, name)) yield { name, table };
  }
}

/** The rules of a chain, of which a firewall may have thousands; none where the table lacks it. */
export function* readRules({ chains }: Table, name: string): Work<readonly Rule[]> {
  const chain = chains.get(name);
  return chain ? yield* mapInPieces(Array(chain.length).keys(), (i) => chain.rule(i)) : [];
}

/** A rule that may do anything, since a part of it could not be read: of iptables a finding tells, of nft the statement. */
export function isUnread({ findings, statements }: Rule): boolean {
  return (
    findings.some(({ severity }) => severity === 'error') ||
    statements.some(({ kind }) => kind === 'unknown')
  );
}

/** Whether it looks packets up in a map that has a name, as nftables mode does with Services. */
export function hasMap(chain: Chain): boolean {
  return rulesIn(chain).some(({ statements }) =>
    statements.some((one) => one.kind === 'vmap' && one.map.kind === 'named'),
  );
}

/** Whether the dump surely shows all of a chain's rules: the table to its end, the chain declared. */
export function isWhole(table: Table, name: string): boolean {
  const declared = table.chains.get(name)?.declared;
  if (!table.complete || !declared) return false;
  // `iptables -S` and `-L` have no end: the chain whose rules stand last may have more.
  return table.declared !== undefined || declared.line < lastDeclared(table);
}

/**
 * Whether the rules of `iptables -S` end where those of this chain would begin. It declares all chains first;
 * `-L` shows each with its rules, so that a chain which stands last there is just cut.
 */
export function isNext({ chains }: Table, name: string): boolean {
  const own = chains.get(name)?.declared;
  if (!own) return false;
  const declared = [...chains.values()].filter((chain) => chain.declared !== undefined);
  const before = declared.filter((chain) => chain.declared!.line < own.line);
  const last = before.at(-1);
  return (
    last !== undefined &&
    last.length > 0 &&
    last.rule(0).range.line > own.line &&
    declared.every((chain) => chain.length === 0 || chain.declared!.line < own.line)
  );
}

/** The line that declares the last chain with rules: they stand in the order of the declarations. */
const lastDeclared = once(({ chains }: Table): number => {
  let last = -1;
  for (const { length, declared } of chains.values()) {
    if (length > 0 && declared) last = Math.max(last, declared.line);
  }
  return last;
});
