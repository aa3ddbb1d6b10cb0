import * as l10n from '@vscode/l10n';
import { contains, formatNetwork, isHost, prefixLength } from '../../core/address';
import type { Address } from '../../core/address';
import { localRoutes } from '../../core/localRoutes';
import type { InterfaceAddress, NetworkInterface, Route } from '../../core/node';
import { isLoopback } from '../../core/specialAddresses';
import { mapInPieces, type Work } from '../../core/work';

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
export function* joinRoutes(
  dumps: readonly (readonly Route[])[],
  interfaces: readonly NetworkInterface[] | undefined,
): Work<JoinedRoutes> {
  const all = new Map<string, Route>();
  yield* mapInPieces(dumps.flat(), (route) => {
    const key = keyOf(route);
    if (!all.has(key)) all.set(key, route);
  });
  const routes = [...all.values()];
  if (!routes.some(({ table }) => table === 'main')) {
    const none = routes.length === 0;
    return {
      reasons: [
        none
          ? l10n.t('No dump of the routes is at hand.')
          : l10n.t('The dumps of the routes have no table main.'),
      ],
    };
  }
  const reasons: string[] = [];
  if (!routes.some(({ table }) => table === 'local')) {
    if (!interfaces) return { reasons: [l10n.t('The dump of the routes has no table local.')] };
    for (const route of interfaces.flatMap(localRoutes)) routes.push(route);
    reasons.push(l10n.t('Table local is not in the dumps; it is made from the addresses.'));
  }
  const six = (route: Route) => route.destination.address.family === 6;
  const own = interfaces?.some((device) =>
    device.addresses.some(({ address, scope }) => address.family === 6 && scope === 'global'),
  );
  if (own && !routes.some((route) => six(route) && route.table === 'main')) {
    reasons.push(l10n.t('The node has IPv6 addresses, and its IPv6 routes are missing.'));
  }
  return { routes, reasons };
}

function keyOf({ type, destination, table, metric, nextHops }: Route): string {
  return [type, formatNetwork(destination), table, metric, JSON.stringify(nextHops)].join(' ');
}

/**
 * Devices by the routes that the kernel itself made for their addresses: `192.0.2.0/24 dev eth0 proto
 * kernel scope link src 192.0.2.10` says that 192.0.2.10/24 is eth0's. Others may be there.
 */
export function interfacesOfKernelRoutes(routes: readonly Route[]): readonly NetworkInterface[] {
  return routes.flatMap(({ protocol, source, nextHops, destination, range }) => {
    const name = nextHops[0]?.device;
    if (protocol !== 'kernel' || !source || name === undefined) return [];
    const length = prefixLength(destination) ?? 0;
    const address = {
      address: source,
      prefixLength: length,
      scope: 'global',
      secondary: false,
      range,
    };
    return [{ index: 0, name, flags: [], addresses: [address], range }];
  });
}

/**
 * The IPv4 routes of a node without `ip`: what /proc/net/fib_trie knows of table local, with the
 * devices that the connected networks of /proc/net/route tell, and of tables that only routing rules
 * lead to. Without /proc/net/route the trie alone, which has no devices at all.
 */
export function routesOfProc(
  trie: readonly Route[],
  main: readonly Route[] | undefined,
): readonly Route[] {
  if (!main) return trie;
  const own = trie.filter(({ table }) => table !== 'main');
  const others = own.map((route) => {
    if (route.table !== 'local') return route;
    const device = connectedDevice(route.destination.address, main);
    return device === undefined ? route : { ...route, nextHops: [{ device, weight: 1 }] };
  });
  return [...main, ...others];
}

function connectedDevice(address: Address, main: readonly Route[]): string | undefined {
  if (isLoopback(address)) return 'lo';
  return connectedNetwork(address, main)?.nextHops[0]!.device;
}

/** The narrowest network of table main that is reached without a gateway and holds the address. */
function connectedNetwork(address: Address, main: readonly Route[]): Route | undefined {
  const length = (route: Route) => prefixLength(route.destination) ?? 0;
  return main
    .filter(({ nextHops }) => nextHops.length === 1 && !nextHops[0]!.via && nextHops[0]!.device)
    .filter((route) => length(route) > 0 && contains(route.destination, address))
    .sort((left, right) => length(right) - length(left))[0];
}

/**
 * The node's own addresses by its routes. A device is named only where it has a single address in its
 * network: which of several is the primary one, no route tells. The others stand under an empty name.
 */
export function interfacesOfRoutes(routes: readonly Route[]): readonly NetworkInterface[] {
  const main = routes.filter(({ table }) => table === 'main');
  const own = routes.filter(({ type, destination }) => type === 'local' && isHost(destination));
  const networks = own.map(({ destination }) => connectedNetwork(destination.address, main));
  const devices = new Map<string, InterfaceAddress[]>();
  own.forEach(({ destination: { address }, nextHops, range }, i) => {
    const network = networks[i];
    const single = network && networks.filter((other) => other === network).length === 1;
    const device = nextHops[0]?.device;
    const name = device === 'lo' || single ? (device ?? '') : '';
    const length = network && prefixLength(network.destination);
    const addresses = devices.get(name) ?? [];
    devices.set(name, addresses);
    const scope = name === 'lo' ? 'host' : name === '' ? '' : 'global';
    addresses.push({ address, prefixLength: length ?? 32, scope, secondary: false, range });
  });
  return [...devices].map(([name, addresses]) => ({
    index: 0,
    name,
    flags: [],
    addresses,
    range: addresses[0]!.range,
  }));
}
