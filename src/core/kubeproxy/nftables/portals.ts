import { isHost, type Address } from '../../address';
import type { Rule, Table } from '../../rules/ruleset';
import type { Expression } from '../../rules/expression';
import type { Elements, SetElement, TableSet } from '../../rules/set';
import type { Pattern } from '../../rules/value';
import type { Verdict } from '../../rules/verdict';
import type { SourceRange } from '../../source';
import { calledFrom } from './called';

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
  for (const { roles, elements } of mapsOf(table, type)) {
    if (!roles.includes('protocol') || !roles.includes('port')) continue;
    for (const element of elements) {
      const portal = portalOf(element, roles);
      if (portal) yield portal;
    }
  }
}

interface VerdictMap {
  readonly elements: Elements;
  /** What the parts of its keys are. */
  readonly roles: readonly Role[];
}

/** The maps of verdicts, each once, in the order in which packets meet them. */
function mapsOf(table: Table, type: 'nat' | 'filter'): readonly VerdictMap[] {
  const maps = new Map<Elements, VerdictMap>();
  const base = [...table.chains.values()].filter((chain) => chain.base?.type === type);
  for (const chain of calledFrom(table, base)) {
    for (let i = 0; i < chain.length; i++) {
      const map = mapOf(table, chain.rule(i));
      if (map) maps.set(map.elements, map);
    }
  }
  if (maps.size > 0) return [...maps.values()];
  return names[type].flatMap((name) => {
    const set = table.sets?.get(name);
    return set ? [namedMap(set)] : [];
  });
}

function mapOf(table: Table, { statements }: Rule): VerdictMap | undefined {
  for (const statement of statements) {
    if (statement.kind !== 'vmap') continue;
    const { key, map } = statement;
    if (map.kind === 'named') {
      const set = table.sets?.get(map.name);
      return set && namedMap(set);
    }
    // `ip daddr . meta l4proto . th dport vmap { 10.96.0.1 . tcp . 443 : goto ... }`
    const parts = key.kind === 'concat' ? key.parts : [key];
    const roles = parts.map(roleOfExpression);
    if (roles.includes('port')) return { elements: map.elements, roles };
  }
  return undefined;
}

function namedMap({ elements, key }: TableSet): VerdictMap {
  return { elements, roles: key.map(({ name }) => roleOf(name)) };
}

function roleOfExpression(expression: Expression): Role {
  if (expression.kind === 'meta') return roleOf(expression.key);
  return expression.kind === 'payload' ? roleOf(expression.field) : undefined;
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
  return isHost(network) ? network.address : undefined;
}
