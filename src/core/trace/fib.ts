import { contains, prefixLength } from '../address';
import type { Address, Family } from '../address';
import type { NodeState, Route, RoutingRule } from '../node';

/** What a route look-up asks for (struct flowi). */
export interface RouteKey {
  readonly destination: Address;
  readonly source?: Address;
  readonly mark: number;
  readonly inDevice?: string;
}

/** A route, none, or a routing rule that can't be evaluated. */
export type Lookup =
  | { readonly kind: 'route'; readonly route: Route }
  | { readonly kind: 'none'; readonly error: string; readonly reason: string }
  | { readonly kind: 'open'; readonly reason: string };

/** The routes of one or several tables that are searched as one, longest prefix first. */
type Fib = readonly { readonly length: number; readonly routes: ReadonlyMap<string, Route> }[];

interface Tables {
  /** Whether there is any route of the family. */
  readonly known: boolean;
  readonly local: Fib;
  /** local and main as one: the kernel keeps them so until a routing rule is added (fib_unmerge). */
  readonly merged: Fib;
  table(name: string): Fib;
}

const cache = new WeakMap<readonly Route[], Map<Family, Tables>>();

/** fib_lookup: the routing rules in order, or without any own rules local with main, then default. */
export function lookUp(node: NodeState, key: RouteKey): Lookup {
  const tables = tablesOf(node.routes ?? [], key.destination.family);
  const rules = customRules(node.routingRules, key.destination.family);
  if (!rules) {
    const names = [tables.merged, tables.table('default')];
    for (const fib of names) {
      const route = search(fib, key.destination, undefined);
      if (route && route.type !== 'throw') return found(route);
    }
    return knowsMain(node, key.destination.family) ? none : { kind: 'open', reason: noMain };
  }
  for (const rule of rules) {
    const selected = selects(rule, key);
    if (typeof selected === 'string') return { kind: 'open', reason: selected };
    if (!selected) continue;
    if (rule.table === undefined) return refusal(actionOf(rule), `ip rule: ${rule.text}`);
    const suppressed = /suppress_prefixlength (\d+)/.exec(rule.text)?.[1];
    const route = search(tables.table(rule.table), key.destination, suppressed);
    if (route && route.type !== 'throw') return found(route);
  }
  return none;
}

const noMain = 'the dump of the routes has none of the table main';

/** `ip route show table local` alone says nothing of what leaves the node. */
function knowsMain({ routes = [] }: NodeState, family: Family): boolean {
  return routes.some(
    ({ table, destination }) => table === 'main' && destination.address.family === family,
  );
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
  return search(tablesOf(node.routes ?? [], address.family).local, address, undefined);
}

const none: Lookup = { kind: 'none', error: 'ENETUNREACH', reason: 'no route matches' };

function found(route: Route): Lookup {
  switch (route.type) {
    case 'blackhole':
    case 'unreachable':
    case 'prohibit':
      return refusal(route.type, `the route is ${route.type}`);
    default:
      return { kind: 'route', route };
  }
}

/** fib_props and fib_rules_lookup: what each refusal answers. */
function refusal(action: string, reason: string): Lookup {
  const error =
    { blackhole: 'EINVAL', unreachable: 'EHOSTUNREACH', prohibit: 'EACCES' }[action] ??
    'ENETUNREACH';
  return { kind: 'none', error, reason };
}

function actionOf(rule: RoutingRule): string {
  return /\b(blackhole|unreachable|prohibit)\b/.exec(rule.text)?.[1] ?? 'unreachable';
}

function customRules(
  all: readonly RoutingRule[] | undefined,
  family: Family,
): readonly RoutingRule[] | undefined {
  const rules = all?.filter((rule) => rule.family === family);
  const standard = (rule: RoutingRule): boolean =>
    ['local', 'main', 'default'].includes(rule.table ?? '') &&
    !rule.mark &&
    !rule.inInterface &&
    !rule.to &&
    isAny(rule.from);
  if (!rules || rules.every(standard)) return undefined;
  return [...rules].sort((left, right) => left.priority - right.priority);
}

function isAny(network: RoutingRule['from']): boolean {
  return !network || prefixLength(network) === 0;
}

/** Does the rule select the packet; a string is why that can't be said. */
function selects(rule: RoutingRule, key: RouteKey): boolean | string {
  const open = rule.others.filter((words) => !words.startsWith('suppress_prefixlength'));
  if (open.length > 0) {
    return `a routing rule asks for more than is modelled: ${rule.text}`;
  }
  const { from, to, mark, inInterface } = rule;
  if (!isAny(from) && !(key.source && contains(from!, key.source))) return false;
  if (!isAny(to) && !contains(to!, key.destination)) return false;
  if (mark && ((key.mark ^ mark.value) & mark.mask) !== 0) return false;
  return inInterface === undefined || inInterface === (key.inDevice ?? 'lo');
}

function tablesOf(routes: readonly Route[], family: Family): Tables {
  let families = cache.get(routes);
  if (!families) cache.set(routes, (families = new Map()));
  let tables = families.get(family);
  if (!tables) {
    const own = routes.filter((route) => route.destination.address.family === family);
    const fibs = new Map<string, Fib>();
    const table = (name: string): Fib => {
      let fib = fibs.get(name);
      if (!fib) fibs.set(name, (fib = fibOf(own.filter((route) => route.table === name))));
      return fib;
    };
    const both = own.filter((route) => route.table === 'local' || route.table === 'main');
    tables = { known: own.length > 0, local: table('local'), merged: fibOf(both), table };
    families.set(family, tables);
  }
  return tables;
}

function fibOf(routes: readonly Route[]): Fib {
  const lengths = new Map<number, Map<string, Route>>();
  for (const route of routes) {
    if (route.flags.includes('dead')) continue;
    const length = prefixLength(route.destination) ?? 0;
    let prefixes = lengths.get(length);
    if (!prefixes) lengths.set(length, (prefixes = new Map()));
    const key = route.destination.address.words.join();
    const other = prefixes.get(key);
    if (!other || precedes(route, other)) prefixes.set(key, route);
  }
  const entries = [...lengths].sort(([left], [right]) => right - left);
  return entries.map(([length, prefixes]) => ({ length, routes: prefixes }));
}

/** Of one prefix: local before main, then the lower metric (fib_find_alias). */
function precedes(route: Route, other: Route): boolean {
  if (route.table !== other.table) return route.table === 'local';
  return route.metric < other.metric;
}

function search(fib: Fib, address: Address, suppressed: string | undefined): Route | undefined {
  for (const { length, routes } of fib) {
    if (suppressed !== undefined && length <= Number(suppressed)) return undefined;
    const route = routes.get(masked(address, length));
    if (route) return route;
  }
  return undefined;
}

function masked({ words }: Address, length: number): string {
  if (words.length === 1) return String(maskWord(words[0]!, length));
  return words.map((word, i) => maskWord(word, length - 32 * i)).join();
}

function maskWord(word: number, bits: number): number {
  if (bits >= 32) return word;
  return bits <= 0 ? 0 : (word & (0xffffffff << (32 - bits))) >>> 0;
}
