import { parseAddress, parseNetwork } from '../../core/address';
import type { Address, Family, Network } from '../../core/address';
import type { Finding } from '../../core/finding';
import type { NextHop, Route, RouteType } from '../../core/node';
import { tosNames } from './tosNames';
import { lineRange, parseLines, unknownLine, wordsOf } from '../lines';
import type { LineReader, Parsed } from '../lines';

type Routes = readonly Route[];
type Draft = Route & { nextHops: NextHop[] };

export interface RouteOptions {
  /** The table of lines that name none; `main` when left out. */
  readonly table?: string;
  /** The family of a `default` that has no address beside it (`ip -6 route`). */
  readonly family?: Family;
}

/**
 * Reads `ip route`, `ip -6 route` and `ip route show table all`, with the next hops of a multipath
 * route on the same line or on lines of their own:
 * `default proto static` / `\tnexthop via 10.0.0.1 dev eth0 weight 1`.
 */
export function ipRouteParser(source: string, options: RouteOptions = {}): LineReader<Routes> {
  const routes: Draft[] = [];
  const findings: Finding[] = [];
  return {
    line(text, line) {
      const words = wordsOf(text).map((word) => word.text);
      if (words.length === 0) return;
      const range = lineRange(source, line, text);
      const last = routes[routes.length - 1];
      if (words[0] === 'nexthop' && last) {
        for (const hop of nextHops(words)) last.nextHops.push(hop);
        return;
      }
      const route = readRoute(words, range, options);
      if (route) routes.push(route);
      else findings.push(unknownLine(range, 'ip route'));
    },
    end: () => ({ value: routes, findings }),
  };
}

export function parseIpRoute(text: string, source: string, options?: RouteOptions): Parsed<Routes> {
  return parseLines(text, ipRouteParser(source, options));
}

function readRoute(
  words: readonly string[],
  range: Route['range'],
  options: RouteOptions,
): Draft | undefined {
  const type = routeTypes.has(words[0]!) ? (words[0] as RouteType) : undefined;
  const at = type ? 1 : 0;
  const values = new Map<string, string>();
  const flags: string[] = [];
  const multipath = words.indexOf('nexthop');
  const end = multipath < 0 ? words.length : multipath;
  for (let i = at + 1; i < end; i++) {
    const word = words[i]!;
    if (word === 'via' && (words[i + 1] === 'inet6' || words[i + 1] === 'inet')) i++;
    if (valued.has(word)) values.set(word, words[++i] ?? '');
    else flags.push(word);
  }
  const destination = readDestination(words[at] ?? '', values, options.family);
  if (!destination) return undefined;
  const via = parseAddress(values.get('via') ?? '');
  const device = values.get('dev');
  const source = parseAddress(values.get('src') ?? '');
  const from = parseNetwork(values.get('from') ?? '');
  const scope = values.get('scope');
  const protocol = values.get('proto');
  const realms = values.get('realm') ?? values.get('realms') ?? realmsOfHop(words);
  const ownHop = via !== undefined || device !== undefined;
  return {
    type: type ?? 'unicast',
    destination,
    ...(from ? { from } : {}),
    // `ip route show table N` leaves the table out of all lines, local routes' too (print_route).
    table:
      values.get('table') ?? options.table ?? (type && tableLocal.has(type) ? 'local' : 'main'),
    nextHops: [
      ...(ownHop ? [nextHop(via, device, 1)] : []),
      ...(multipath < 0 ? [] : nextHops(words.slice(multipath))),
    ],
    ...(source ? { source } : {}),
    metric: Number(values.get('metric') ?? 0),
    ...tosOf(values.get('tos')),
    ...(scope === undefined ? {} : { scope }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(realms === undefined ? {} : { realms }),
    flags,
    range,
  };
}

/** `nexthop realms 3/5 via 10.0.0.1 ...`: one of them is enough to say that there are some. */
function realmsOfHop(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === 'realm' || word === 'realms');
  return at < 0 ? undefined : words[at + 1];
}

/** `tos 0x10`, or by a name of rt_dsfield. */
function tosOf(text: string | undefined): Pick<Route, 'tos'> {
  const tos = text === undefined ? undefined : (tosNames.get(text) ?? Number(text));
  return tos === undefined ? {} : { tos };
}

/** `default` says its family by an address beside it; `pref` is printed of IPv6 routes only. */
function readDestination(
  text: string,
  values: ReadonlyMap<string, string>,
  family: Family | undefined,
): Network | undefined {
  if (text !== 'default') return parseNetwork(text);
  const beside = ['src', 'via', 'from'].flatMap(
    (word) => parseNetwork(values.get(word) ?? '') ?? [],
  );
  const known = beside[0]?.address.family ?? (values.has('pref') ? 6 : (family ?? 4));
  return parseNetwork(known === 6 ? '::/0' : '0.0.0.0/0');
}

/** `nexthop via 10.0.0.1 dev eth0 weight 1 nexthop via ...`. */
function nextHops(words: readonly string[]): NextHop[] {
  const found: { via?: Address; device?: string; weight: number; flags: string[] }[] = [];
  for (let i = 0; i < words.length; i++) {
    const hop = found[found.length - 1];
    if (words[i] === 'nexthop') found.push({ weight: 1, flags: [] });
    else if (hop && words[i] === 'dev') hop.device = words[++i];
    else if (hop && words[i] === 'weight') hop.weight = Number(words[++i]);
    else if (hop && words[i] === 'via') {
      if (words[i + 1] === 'inet6' || words[i + 1] === 'inet') i++;
      hop.via = parseAddress(words[++i] ?? '');
    } else if (hop) hop.flags.push(words[i]!);
  }
  return found.map(({ flags, ...hop }) => ({
    ...nextHop(hop.via, hop.device, hop.weight),
    ...(flags.length > 0 ? { flags } : {}),
  }));
}

function nextHop(via: Address | undefined, device: string | undefined, weight: number): NextHop {
  return { ...(via ? { via } : {}), ...(device === undefined ? {} : { device }), weight };
}

const routeTypes: ReadonlySet<string> = new Set<RouteType>([
  'unicast',
  'local',
  'broadcast',
  'multicast',
  'anycast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
]);

/** Types that the kernel itself keeps in the table local, which `ip route show table local` does not print. */
const tableLocal: ReadonlySet<RouteType> = new Set<RouteType>(['local', 'broadcast', 'anycast']);

/** Words of a route that a value follows (iproute2, ip/iproute.c, print_route). */
const valued: ReadonlySet<string> = new Set([
  'via',
  'dev',
  'table',
  'proto',
  'scope',
  'src',
  'metric',
  'pref',
  'mtu',
  'advmss',
  'hoplimit',
  'initcwnd',
  'initrwnd',
  'window',
  'rtt',
  'rto_min',
  'cwnd',
  'ssthresh',
  'realm',
  'realms',
  'tos',
  'dsfield',
  'error',
  'expires',
  'from',
  'nhid',
  'congctl',
  'features',
  'quickack',
  'encap',
  'users',
  'age',
  'ttl-propagate',
]);
