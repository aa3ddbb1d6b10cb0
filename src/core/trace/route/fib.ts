import { l10n } from '../../l10n';
import type { Facts } from '../facts';
import { prefixLength } from '../../address';
import type { Address, Family } from '../../address';
import type { NextHop, NodeState, Route, RoutingRule } from '../../node';
import { once } from '../../once';
import type { Open } from '../answer';
import { isLoopback } from '../../specialAddresses';
import { selects } from './fibRules';
import { search, standardRules, tablesOf } from './fibTables';
import type { Found, Tables } from './fibTables';
import type { RouteKey } from './routeKey';
import { noTable, vrfOfKey } from './vrf';
import type { Vrf } from './vrf';

/** A route with the next hops that can be taken, none, or what must be settled first. */
export type Lookup =
  | { readonly kind: 'route'; readonly route: Route; readonly hops: readonly NextHop[] }
  | { readonly kind: 'none'; readonly error: string; readonly reason: string }
  | { readonly kind: 'open'; readonly question: Open };

const noFacts: Facts = new Map<string, boolean>();

/**
 * fib_lookup, fib6_rule_lookup: the routing rules in order, or without any own rules local with
 * main, then, of IPv4, default.
 *
 * @param facts what the branch has settled of the rules that can't be evaluated
 */
export function lookUp(node: NodeState, asked: RouteKey, facts = noFacts): Lookup {
  const { family } = asked.destination;
  const rules = customRules(node.routingRules, family);
  if (rules) return byRules(node, rules, asked, facts);
  const tables = tablesOf(node.routes ?? [], family);
  const vrf = vrfOfKey(node, asked);
  const key = withoutVrf(asked, vrf);
  // Whoever makes the first VRF is given the rule for it (vrf_add_fib_rules), unless a dump shows none.
  if (vrf && !node.routingRules?.some((rule) => rule.family === family)) {
    const own = search(tables.local, key, node) ?? inVrfTable(vrf, tables, key, node);
    if (own === 'unknown') return { kind: 'open', question: openTable(vrf) };
    if (own && own.route.type !== 'throw') return answer(own);
  }
  // IPv6 keeps local and main apart and has no rule of its own for default (fib6_rule_lookup).
  const plain = (name: string) => tables.table(name);
  const own = family === 4 ? [tables.merged, plain('default')] : [tables.local, plain('main')];
  for (const fib of own) {
    const found = search(fib, key, node);
    if (found && found.route.type !== 'throw') return answer(found);
  }
  return tables.knowsMain ? none : { kind: 'open', question: noMain };
}

/**
 * Another table that has a route there, where no dump tells the family's routing rules: one that leads
 * to it would send the packet by that. undefined where the rules are known, or no table would answer; table local is asked first of all.
 */
export function otherTable(node: NodeState, key: RouteKey): string | undefined {
  const { family } = key.destination;
  if (node.routingRules?.some((rule) => rule.family === family)) return undefined;
  const tables = tablesOf(node.routes ?? [], family);
  if (search(tables.local, key, node)) return undefined;
  return tables.others.find((name) => search(tables.table(name), key, node));
}

/** `ip route show table local` alone says nothing of what leaves the node. */
const noMain: Open = {
  condition: l10n.t`a route leads there`,
  otherwise: l10n.t`no route leads there`,
  unknown: l10n.t`the dump of the routes has none of the table main`,
};

/** The device that a packet has to leave by is none where it is the VRF itself, whose table is asked. */
function withoutVrf(key: RouteKey, vrf: Vrf | undefined): RouteKey {
  return vrf && vrf.name === key.outDevice ? { ...key, outDevice: undefined } : key;
}

function inVrfTable(
  { table }: Vrf,
  tables: Tables,
  key: RouteKey,
  node: NodeState,
): Found | 'unknown' | undefined {
  return table === undefined ? 'unknown' : search(tables.table(table), key, node);
}

function openTable(vrf: Vrf): Open {
  return {
    condition: l10n.t`the table of the VRF ${vrf.name} has a route there`,
    otherwise: l10n.t`the table of the VRF ${vrf.name} has no route there`,
    unknown: noTable(vrf),
  };
}

/** fib_rules_lookup (net/core/fib_rules.c). */
function byRules(
  node: NodeState,
  rules: readonly RoutingRule[],
  asked: RouteKey,
  facts: Facts,
): Lookup {
  const tables = tablesOf(node.routes ?? [], asked.destination.family);
  const vrf = vrfOfKey(node, asked);
  const key = withoutVrf(asked, vrf);
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!;
    const selected = selects(node, rule, asked, facts);
    if (typeof selected === 'object') return { kind: 'open', question: selected };
    if (!selected) continue;
    const { action } = rule;
    if (action.kind === 'nop') continue;
    if (action.kind === 'goto') {
      const target = firstAt(rules).get(action.priority) ?? -1;
      // The kernel takes no jump back; one without a target is passed by.
      if (target > i) i = target - 1;
      continue;
    }
    if (action.kind !== 'lookup') {
      return {
        kind: 'none',
        error: ruleErrors[action.kind],
        reason: l10n.t`the routing rule: ${rule.text}`,
      };
    }
    const { table } = action;
    const found =
      table !== undefined
        ? search(tables.table(table), key, node)
        : vrf && inVrfTable(vrf, tables, key, node);
    if (found === 'unknown') return { kind: 'open', question: openTable(vrf!) };
    if (found && found.route.type !== 'throw' && !isSuppressed(node, rule, found, key)) {
      return answer(found);
    }
  }
  return none;
}

/** The first rule of each priority. */
const firstAt = once((rules: readonly RoutingRule[]): ReadonlyMap<number, number> => {
  const places = new Map<number, number>();
  for (const [i, { priority }] of rules.entries()) {
    if (!places.has(priority)) places.set(priority, i);
  }
  return places;
});

/** fib4_rule_action, fib6_rule_action: an unreachable rule says another error than such a route. */
const ruleErrors = {
  unreachable: 'ENETUNREACH',
  prohibit: 'EACCES',
  blackhole: 'EINVAL',
} as const;

/** fib4_rule_suppress, fib6_rule_suppress: the errors of refusing routes are not suppressed. */
function isSuppressed(
  { interfaces }: NodeState,
  { suppressedLength, suppressedGroup }: RoutingRule,
  { route, length, hops }: Found,
  { destination, knownNextHop }: RouteKey,
): boolean {
  if (refusals.has(route.type)) return false;
  const own = destination.family === 6 && knownNextHop && !hops[0]?.via;
  if (suppressedLength !== undefined && !own && length <= suppressedLength) return true;
  const device = interfaces?.find(({ name }) => name === hops[0]?.device);
  return device?.group !== undefined && device.group === suppressedGroup;
}

/**
 * Whether a dump tells the routes of a family. A node has at least those of its own addresses, so
 * none at all are not known rather than not there: `ip route` without -6 shows IPv4 only.
 */
export function knowsRoutes({ routes }: NodeState, family: Family): boolean {
  return routes !== undefined && tablesOf(routes, family).known;
}

/** The route of the local table alone, as the address types ask for it (inet_addr_type). */
export function lookUpLocal(node: NodeState, address: Address): Route | undefined {
  const { local } = tablesOf(node.routes ?? [], address.family);
  return search(local, { destination: address, mark: 0 }, node)?.route;
}

/**
 * fib6_is_reject (net/ipv6/route.c): a route of IPv6 by the loopback device is kept as a refusal that
 * answers no error, as of an address of lo that only the table main has. The kernel's own anycast
 * addresses and ::1 are none.
 */
export function isRefusedByLoopback(
  { type, destination, protocol }: Route,
  hops: readonly NextHop[],
): boolean {
  if (destination.address.family === 4 || hops[0]?.device !== 'lo') return false;
  if (type === 'anycast') return protocol !== 'kernel';
  return type === 'unicast' && !isLoopback(destination.address);
}

const none: Lookup = { kind: 'none', error: 'ENETUNREACH', reason: l10n.t`no route matches` };

/** fib_props: what each refusal answers. */
const refusals: ReadonlyMap<string, string> = new Map([
  ['blackhole', 'EINVAL'],
  ['unreachable', 'EHOSTUNREACH'],
  ['prohibit', 'EACCES'],
]);

function answer({ route, hops }: Found): Lookup {
  const error = refusals.get(route.type);
  if (error !== undefined)
    return { kind: 'none', error, reason: l10n.t`the route is ${route.type}` };
  return { kind: 'route', route, hops };
}

/** The rules of a family in their order; undefined where they are the kernel's own, or not known. */
export function customRules(
  all: readonly RoutingRule[] | undefined,
  family: Family,
): readonly RoutingRule[] | undefined {
  return all && customOnce(all)[family];
}

const customOnce = once((all: readonly RoutingRule[]) => ({
  4: customOf(all, 4),
  6: customOf(all, 6),
}));

function customOf(all: readonly RoutingRule[], family: Family): readonly RoutingRule[] | undefined {
  const own = all.filter((rule) => rule.family === family);
  const ordered = own.sort((left, right) => left.priority - right.priority);
  return ordered.every(isStandard) ? undefined : ordered;
}

/** `from all lookup local`, `main` or, of IPv4, `default`, at the priority that the kernel gives it. */
function isStandard({ action, priority, ...rule }: RoutingRule): boolean {
  if (action.kind !== 'lookup' || action.table === undefined) return false;
  if (standardRules.get(action.table) !== priority || rule.negated) return false;
  if (rule.family === 6 && action.table === 'default') return false;
  const asks = [rule.mark, rule.inInterface, rule.outInterface, rule.tos, rule.uids, rule.protocol];
  const more = [rule.sourcePorts, rule.destinationPorts, rule.tunnelId, rule.suppressedLength];
  const plain = [...asks, ...more, rule.suppressedGroup].every((part) => part === undefined);
  const all = [rule.from, rule.to].every((part) => !part || prefixLength(part) === 0);
  return plain && all && rule.others.length === 0;
}
