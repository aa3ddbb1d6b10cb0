import { prefixLength, type Address } from '../../address';
import type { Rule, Table } from '../../rules/ruleset';
import type { SetElement, TableSet } from '../../rules/set';
import type { Pattern } from '../../rules/value';
import type { Verdict } from '../../rules/verdict';
import type { SourceRange } from '../../source';

/** An address and port that a map of kube-proxy has, or a node port, and what becomes of it. */
export interface Portal {
  /** undefined for a node port. */
  readonly address?: Address;
  /** As in /etc/protocols. */
  readonly protocol: number;
  readonly port: number;
  readonly verdict: Verdict;
  /** Of the maps of what has no endpoints: `shop/orphan:http`. */
  readonly comment?: string;
  readonly range: SourceRange;
}

/** By the type of base chain that leads to them; a text that was cut has them by their names. */
const names = {
  nat: ['service-ips', 'service-nodeports'],
  filter: ['no-endpoint-services', 'no-endpoint-nodeports', 'firewall-ips'],
} as const;

/** What the maps hold that base chains of one type look packets up in. */
export function* portalsOf(table: Table, type: 'nat' | 'filter'): Generator<Portal> {
  for (const map of mapsOf(table, type)) {
    const roles = map.key.map(({ name }) => roleOf(name));
    if (!roles.includes('protocol') || !roles.includes('port')) continue;
    for (const element of map.elements) {
      const portal = portalOf(element, roles);
      if (portal) yield portal;
    }
  }
}

/** The named maps of verdicts, each once, in the order in which packets meet them. */
function mapsOf(table: Table, type: 'nat' | 'filter'): ReadonlySet<TableSet> {
  const maps = new Set<TableSet>();
  const waiting = [...table.chains.values()].filter(({ base }) => base?.type === type);
  const seen = new Set(waiting);
  for (let chain = waiting.shift(); chain; chain = waiting.shift()) {
    for (let i = 0; i < chain.length; i++) {
      const rule = chain.rule(i);
      const map = mapOf(table, rule);
      if (map) maps.add(map);
      const { target } = rule;
      const next =
        target?.kind === 'jump' || target?.kind === 'goto'
          ? table.chains.get(target.chain)
          : undefined;
      if (next && !seen.has(next)) {
        seen.add(next);
        waiting.push(next);
      }
    }
  }
  if (maps.size > 0) return maps;
  return new Set(names[type].flatMap((name) => table.sets?.get(name) ?? []));
}

function mapOf(table: Table, { statements }: Rule): TableSet | undefined {
  for (const statement of statements) {
    if (statement.kind === 'vmap' && statement.map.kind === 'named') {
      return table.sets?.get(statement.map.name);
    }
  }
  return undefined;
}

type Role = 'address' | 'protocol' | 'port' | undefined;

/** By the type of a key's part, or the expression that `typeof` names. */
function roleOf(name: string): Role {
  if (/^ipv[46]_addr$|daddr$/.test(name)) return 'address';
  if (/^inet_proto$|l4proto$/.test(name)) return 'protocol';
  return /^inet_service$|dport$/.test(name) ? 'port' : undefined;
}

function portalOf(
  { key, data, comment, range }: SetElement,
  roles: readonly Role[],
): Portal | undefined {
  if (!key || data?.kind !== 'verdict') return undefined;
  const at = (role: Role) => {
    const index = roles.indexOf(role);
    return index < 0 ? undefined : key[index];
  };
  const [address, protocol, port] = [at('address'), oneOf(at('protocol')), oneOf(at('port'))];
  const host = address && hostOf(address);
  if (protocol === undefined || port === undefined || (address && !host)) return undefined;
  const { verdict } = data;
  return {
    ...(host && { address: host }),
    protocol,
    port,
    verdict,
    ...(comment !== undefined && { comment }),
    range,
  };
}

function oneOf(pattern: Pattern | undefined): number | undefined {
  return pattern?.kind === 'numbers' && pattern.from === pattern.to ? pattern.from : undefined;
}

/** The address of a pattern that is no network. */
export function hostOf(pattern: Pattern): Address | undefined {
  if (pattern.kind !== 'network') return undefined;
  const { network } = pattern;
  return prefixLength(network) === (network.address.family === 4 ? 32 : 128)
    ? network.address
    : undefined;
}
