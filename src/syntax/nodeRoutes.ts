import { formatNetwork, prefixLength, prefixMask } from '../core/address';
import type { Address, Network } from '../core/address';
import type { InterfaceAddress, NetworkInterface, Route } from '../core/node';

/** The routes of a node, as far as they can be trusted as a whole. */
export interface JoinedRoutes {
  readonly routes?: readonly Route[];
  /** What is not known, as plain sentences. */
  readonly reasons: readonly string[];
}

/**
 * One routing table from several dumps (`ip route`, `ip -6 route`, `ip route show table local`).
 * Without table main nothing can be said of the way on, so there are no routes then. A missing table
 * local is made from the addresses, as the kernel makes it (fib_add_ifaddr, net/ipv4/fib_frontend.c).
 */
export function joinRoutes(
  dumps: readonly (readonly Route[])[],
  trie: readonly Route[] | undefined,
  interfaces: readonly NetworkInterface[] | undefined,
): JoinedRoutes {
  const all = new Map<string, Route>();
  for (const route of dumps.flat()) {
    const key = keyOf(route);
    if (!all.has(key)) all.set(key, route);
  }
  const routes = [...all.values()];
  if (!routes.some(({ table }) => table === 'main')) {
    if (trie) {
      const reason = '/proc/net/fib_trie has neither gateways nor devices, and no IPv6 routes.';
      return { routes: trie, reasons: [reason] };
    }
    const reason =
      routes.length > 0
        ? 'The dumps of the routes have no table main.'
        : 'No dump of the routes is at hand.';
    return { reasons: [reason] };
  }
  const reasons: string[] = [];
  if (!routes.some(({ table }) => table === 'local')) {
    if (!interfaces) return { reasons: ['The dump of the routes has no table local.'] };
    routes.push(...interfaces.flatMap(localRoutes));
    reasons.push('Table local is not in the dumps; it is made from the addresses.');
  }
  const six = (route: Route) => route.destination.address.family === 6;
  const own = interfaces?.some((device) =>
    device.addresses.some(({ address, scope }) => address.family === 6 && scope === 'global'),
  );
  if (own && !routes.some((route) => six(route) && route.table === 'main')) {
    reasons.push('The node has IPv6 addresses, but no dump has its IPv6 routes.');
  }
  return { routes, reasons };
}

function keyOf({ type, destination, table, metric, nextHops }: Route): string {
  return [type, formatNetwork(destination), table, metric, JSON.stringify(nextHops)].join(' ');
}

/** What the kernel adds to table local for the addresses of one device. */
function localRoutes(device: NetworkInterface): readonly Route[] {
  return device.addresses.flatMap(({ address, prefixLength: length, broadcast, range }) => {
    const route = (type: Route['type'], destination: Network): Route => ({
      type,
      destination,
      table: 'local',
      nextHops: [{ device: device.name, weight: 1 }],
      source: address,
      metric: 0,
      flags: [],
      range,
    });
    const whole = address.family === 4 ? 32 : 128;
    const loopback = address.family === 4 && address.words[0]! >>> 24 === 127 && length < whole;
    return [
      route('local', networkOf(address, whole)),
      ...(loopback ? [route('local', networkOf(address, length))] : []),
      ...(broadcast ? [route('broadcast', networkOf(broadcast, 32))] : []),
    ];
  });
}

function networkOf({ family, words }: Address, length: number): Network {
  const mask = prefixMask(family, length);
  return { address: { family, words: words.map((word, i) => (word & mask[i]!) >>> 0) }, mask };
}

/** The node's own addresses by its routes, of a device without a name: the trie names none. */
export function interfacesOfRoutes(routes: readonly Route[]): readonly NetworkInterface[] {
  const addresses = routes.flatMap(({ type, destination, range }): InterfaceAddress[] => {
    const { address } = destination;
    const whole = prefixLength(destination) === (address.family === 4 ? 32 : 128);
    if (type !== 'local' || !whole) return [];
    return [
      { address, prefixLength: prefixLength(destination)!, scope: '', secondary: false, range },
    ];
  });
  const [first] = addresses;
  return first ? [{ index: 0, name: '', flags: [], addresses, range: first.range }] : [];
}
