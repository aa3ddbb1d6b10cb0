import { addressKey, contains, prefixLength } from '../../address';
import type { Address, AddressKey, Family } from '../../address';
import { devicesWith } from '../../devicesWith';
import type { NetworkInterface, NextHop, NodeState, Route } from '../../node';
import { addressKind6 } from './addressKind6';
import type { RouteKey } from './routeKey';
import { append } from '../../append';

/** The routes of one or several tables that are searched as one: by prefix length, longest first. */
type Fib = readonly {
  readonly length: number;
  /** The routes of each prefix in the order in which the kernel tries them. */
  readonly routes: ReadonlyMap<AddressKey, readonly Route[]>;
}[];

export interface Tables {
  /** Whether there is any route of the family. */
  readonly known: boolean;
  /** Whether there is one of the table main. */
  readonly knowsMain: boolean;
  /** Whether somebody but the kernel has added a route of the type local, to any table (inet_rtm_newroute). */
  readonly hasOwnLocal: boolean;
  readonly hasRealms: boolean;
  readonly local: Fib;
  /** local and main as one: IPv4 keeps them so until a routing rule is added (fib_unmerge). */
  readonly merged: Fib;
  table(name: string): Fib;
  /** The tables that only routing rules of somebody's own lead to. */
  readonly others: readonly string[];
}

/** What a table answers. */
export interface Found {
  readonly route: Route;
  readonly length: number;
  /** The next hops that can be taken; none of a route without any. */
  readonly hops: readonly NextHop[];
}

const cache = new WeakMap<readonly Route[], Map<Family, Tables>>();

export function tablesOf(routes: readonly Route[], family: Family): Tables {
  let families = cache.get(routes);
  if (!families) cache.set(routes, (families = new Map()));
  let tables = families.get(family);
  if (!tables) families.set(family, (tables = readTables(routes, family)));
  return tables;
}

function readTables(routes: readonly Route[], family: Family): Tables {
  const own = routes.filter((route) => route.destination.address.family === family);
  const byTable = new Map<string, Route[]>();
  for (const route of own) append(byTable, route.table, route);
  const fibs = new Map<string, Fib>();
  const table = (name: string): Fib => {
    let fib = fibs.get(name);
    if (!fib) fibs.set(name, (fib = fibOf(byTable.get(name) ?? [])));
    return fib;
  };
  const locals = own.filter(({ type }) => type === 'local');
  const tells = locals.some(({ protocol }) => protocol !== undefined);
  const both = own.filter((route) => route.table === 'local' || route.table === 'main');
  return {
    known: own.length > 0,
    knowsMain: byTable.has('main'),
    // `ip route` leaves out `proto boot`; /proc/net/fib_trie prints no protocol at all.
    hasOwnLocal: tells && locals.some(({ protocol }) => protocol !== 'kernel'),
    hasRealms: own.some(({ realms }) => realms !== undefined),
    local: table('local'),
    merged: fibOf(both),
    table,
    others: [...byTable.keys()].filter((name) => !standardRules.has(name)),
  };
}

/** The kernel's own routing rules: the table that each looks up, and its priority. */
export const standardRules: ReadonlyMap<string, number> = new Map([
  ['local', 0],
  ['main', 32766],
  ['default', 32767],
]);

function fibOf(routes: readonly Route[]): Fib {
  const lengths = new Map<number, Map<AddressKey, Route[]>>();
  for (const route of routes) {
    if (route.flags.includes('dead')) continue;
    const length = prefixLength(route.destination) ?? 0;
    let prefixes = lengths.get(length);
    if (!prefixes) lengths.set(length, (prefixes = new Map()));
    const key = addressKey(route.destination.address);
    append(prefixes, key, route);
  }
  for (const prefixes of lengths.values()) {
    for (const same of prefixes.values()) same.sort(inOrder);
  }
  const entries = [...lengths].sort(([left], [right]) => right - left);
  return entries.map(([length, prefixes]) => ({ length, routes: prefixes }));
}

/** Of one prefix: local before main, then with a TOS, then the lower metric (fib_find_alias). */
function inOrder(left: Route, right: Route): number {
  const local = Number(right.table === 'local') - Number(left.table === 'local');
  const tos = (right.tos ?? 0) - (left.tos ?? 0);
  return local || tos || left.metric - right.metric;
}

/** fib_table_lookup (net/ipv4/fib_trie.c), fib6_table_lookup (net/ipv6/route.c). */
export function search(fib: Fib, key: RouteKey, node: NodeState): Found | undefined {
  let begun = false;
  for (const { length, routes } of fib) {
    const same = routes.get(masked(key.destination, length));
    if (!same) continue;
    for (const ones of bySource(same, key, begun || length === 0)) {
      begun = true;
      const found = key.deviceMatch ? matchDevice(ones, key, node) : choose(ones, key);
      if (found) return { ...found, length };
    }
  }
  return undefined;
}

/**
 * The routes of one prefix by the sources that they are for, the narrowest first. Where the search
 * begins (fib6_node_lookup) a prefix with routes for sources, none of them the packet's, is passed by
 * with its routes for all; where it goes on (fib6_backtrack), and of the default route, those are left.
 */
function bySource(
  routes: readonly Route[],
  { source }: RouteKey,
  forAll: boolean,
): readonly (readonly Route[])[] {
  const plain = routes.filter(({ from }) => !from);
  if (plain.length === routes.length) return [routes];
  const lengths = new Map<number, Route[]>();
  for (const route of routes) {
    if (!route.from || !contains(route.from, source ?? noSource)) continue;
    const length = prefixLength(route.from) ?? 0;
    append(lengths, length, route);
  }
  const narrowest = [...lengths].sort(([left], [right]) => right - left).map(([, ones]) => ones);
  const left = plain.length > 0 && (forAll || narrowest.length > 0);
  return left ? [...narrowest, plain] : narrowest;
}

const noSource: Address = { family: 6, words: [0, 0, 0, 0] };

/** Of the routes of one prefix the first that can be taken; of IPv6 rather one by the device asked for. */
function choose(routes: readonly Route[], key: RouteKey): Omit<Found, 'length'> | undefined {
  let second: Omit<Found, 'length'> | undefined;
  for (const route of routes) {
    if (second && route.metric > second.route.metric) break;
    const hops = usable(route, key);
    if (!hops) continue;
    const preferred = key.outDevice ?? key.preferred;
    if (key.destination.family === 4 || preferred === undefined) return { route, hops };
    if (hops.some(({ device }) => device === preferred)) return { route, hops };
    second ??= { route, hops };
  }
  return second;
}

/**
 * rt6_device_match (net/ipv6/route.c): all routes of the prefix are asked for one by the device,
 * a refusing one too, which is by lo; else it is the first.
 */
function matchDevice(
  routes: readonly Route[],
  { outDevice, strict, source }: RouteKey,
  { interfaces }: NodeState,
): Omit<Found, 'length'> | undefined {
  const ways = routes.flatMap((route) => route.nextHops.map((hop) => ({ route, hops: [hop] })));
  const alive = ways.filter(({ hops: [hop] }) => !hop?.flags?.includes('dead'));
  const devices =
    outDevice === undefined ? source && linkLocalDevices(source, interfaces) : [outDevice];
  const matched = alive.find(({ hops: [hop] }) => devices?.includes(hop?.device ?? ''));
  if (matched) return matched;
  if (outDevice !== undefined && strict) return undefined;
  const first = routes[0]!;
  if (first.nextHops.length === 0) return { route: first, hops: [] };
  return alive[0]?.route === first ? alive[0] : undefined;
}

/** __ipv6_chk_addr_and_flags: only addresses of a link belong to one device. */
function linkLocalDevices(
  address: Address,
  interfaces: readonly NetworkInterface[] | undefined,
): readonly string[] | undefined {
  if (addressKind6(address).scope !== 'link') return undefined;
  return interfaces && devicesWith(interfaces, address).map(({ name }) => name);
}

/**
 * The next hops of a route that the look-up may take; undefined where it must go on searching. One
 * without a carrier is dumped as dead where ignore_routes_with_linkdown is set (fib_nexthop_info).
 */
function usable(route: Route, key: RouteKey): readonly NextHop[] | undefined {
  const ip4 = key.destination.family === 4;
  // IPTOS_RT_MASK: the precedence is not asked.
  if (ip4 && route.tos && route.tos !== ((key.tos ?? 0) & 0x1c)) return undefined;
  if (ip4 && refusing.has(route.type)) return [];
  if (route.nextHops.length === 0) return [];
  const hops = route.nextHops.filter(({ flags }) => !flags?.includes('dead'));
  if (hops.length === 0) return undefined;
  const bound = ip4 ? key.outDevice : key.strict ? (key.outDevice ?? key.preferred) : undefined;
  if (bound === undefined) return hops;
  const by = hops.filter(({ device }) => device === bound || device === undefined);
  return by.length > 0 ? by : undefined;
}

const refusing: ReadonlySet<string> = new Set(['blackhole', 'unreachable', 'prohibit', 'throw']);

function masked({ family, words }: Address, length: number): AddressKey {
  return addressKey({ family, words: words.map((word, i) => maskWord(word, length - 32 * i)) });
}

function maskWord(word: number, bits: number): number {
  if (bits >= 32) return word;
  return bits <= 0 ? 0 : (word & (0xffffffff << (32 - bits))) >>> 0;
}
