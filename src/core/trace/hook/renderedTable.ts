import { l10n } from '../../l10n';
import { once } from '../../once';
import { nftRule } from '../../rules/rule';
import type { Chain, Rule, Table } from '../../rules/ruleset';
import type { Statement } from '../../rules/statement';
import { isAction } from '../../rules/statementKind';

/**
 * A table of iptables-nft as nft lists it, with what nft prints falsely made unknown: `! --ctstate`
 * comes out as its opposite (`! --ctstate RELATED,ESTABLISHED,DNAT` as `ct status dnat`), IPv6's DNAT
 * as nothing. Tables that were written with nft are returned as they are.
 *
 * @returns the same object for the same table each time
 */
export function renderedTable(table: Table): Table {
  return isOfIptables(table) ? doubtedTable(table) : table;
}

const doubtedTable = once((table: Table): Table => {
  const chains = [...table.chains].map(
    ([name, chain]) => [name, doubtedChain(chain, table)] as const,
  );
  return { ...table, chains: new Map(chains) };
});

const names: ReadonlySet<string> = new Set(['filter', 'nat', 'mangle', 'raw', 'security']);

/** iptables-nft names its base chains as the kernel names the hooks. */
function isOfIptables({ family, name, chains }: Table): boolean {
  if ((family !== 'ip' && family !== 'ip6') || !names.has(name)) return false;
  const bases = [...chains.values()].filter(({ base }) => base !== undefined);
  return bases.length > 0 && bases.every(({ name, base }) => name === base!.hook.toUpperCase());
}

function doubtedChain(chain: Chain, table: Table): Chain {
  return {
    table: chain.table,
    name: chain.name,
    base: chain.base,
    comment: chain.comment,
    handle: chain.handle,
    declared: chain.declared,
    length: chain.length,
    rule: (i) => doubtedRule(chain.rule(i), table),
    candidates: (destination) => chain.candidates(destination),
    prepare: () => chain.prepare?.(),
  };
}

/** Every rule of iptables-nft counts; one that does not was added with nft. */
function doubtedRule(rule: Rule, { family, name }: Table): Rule {
  const { statements, range } = rule;
  if (!statements.some(({ kind }) => kind === 'counter')) return rule;
  const read = statements.map(doubted);
  const acts = statements.some((one) => isAction(one) && one.kind !== 'counter');
  if (family === 'ip6' && name === 'nat' && !acts) {
    read.push({
      kind: 'unknown',
      text: l10n.t`a target that nft does not print, as it does of DNAT`,
      range,
    });
  }
  return nftRule({ ...rule, statements: read });
}

function doubted(statement: Statement): Statement {
  if (statement.kind !== 'compare' || statement.left.kind !== 'ct') return statement;
  const { key } = statement.left;
  if (key !== 'state' && key !== 'status') return statement;
  const { range } = statement;
  return { kind: 'unmodelled', name: falsely, text: `ct ${key}`, range };
}

const falsely = l10n.t`--ctstate of iptables-nft as nft prints it (iptables-save tells what it is)`;
