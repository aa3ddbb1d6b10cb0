import type { Family } from '../../core/address';
import type { NodeState } from '../../core/node';
import { ipAddressParser } from '../ip/address';
import { parseIpRoute } from '../ip/route';
import { linesOf, parseLines } from '../lines';

/*
 * kube-ipvs0 as ipvs mode would have it: its addresses, and the routes that the kernel adds for them
 * to the table local. What link-local addresses it has stay.
 */

const isDummy = (name: string | undefined) => name === 'kube-ipvs0';

const isSix = (address: string) => address.includes(':');

function isOf(address: string, families: readonly Family[]): boolean {
  return !address.startsWith('fe80:') && families.includes(isSix(address) ? 6 : 4);
}

function addressLines(address: string): readonly string[] {
  const six = isSix(address);
  const what = six
    ? `inet6 ${address}/128 scope global `
    : `inet ${address}/32 scope global kube-ipvs0`;
  return [`    ${what}`, '       valid_lft forever preferred_lft forever'];
}

function routeLine(address: string): string {
  const rest = isSix(address)
    ? 'proto kernel metric 0 pref medium'
    : `proto kernel scope host src ${address}`;
  return `local ${address} dev kube-ipvs0 table local ${rest}`;
}

const deviceLine = /^\d+: ([^:@\s]+)/;

/** `ip addr` with other addresses on kube-ipvs0, which is added where there is none. */
export function withAddresses(
  text: string,
  addresses: readonly string[],
  families: readonly Family[],
): string {
  const before: string[] = [];
  let own: string[] | undefined;
  const after: string[] = [];
  let inside = false;
  let dropped = false;
  for (const line of linesOf(text)) {
    const device = deviceLine.exec(line)?.[1];
    if (device !== undefined) inside = device === 'kube-ipvs0';
    // `ip -o addr` names the device on each line.
    const address = /^(?:\d+: \S+)?\s+inet6? ([\da-f.:]+)/.exec(line)?.[1];
    const isOld = inside && address !== undefined && isOf(address, families);
    const isRest = dropped && /^\s+valid_lft /.test(line);
    dropped = isOld;
    if (inside) own ??= [];
    if (isOld || isRest) continue;
    (inside ? own! : own ? after : before).push(line);
  }
  const head = ['999: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default '];
  const kept = own && own.length > 0 ? own : head;
  return [...before, ...kept, ...addresses.flatMap(addressLines), ...after, ''].join('\n');
}

/** `ip route show table all` with the routes of these addresses; one without the table local stays. */
export function withRoutes(
  text: string,
  addresses: readonly string[],
  families: readonly Family[],
): string {
  const lines = [...linesOf(text)];
  const localOf = (line: string) => /^local ([\da-f.:]+)/.exec(line)?.[1];
  const shown = new Set(
    lines.flatMap((line) => {
      const address = localOf(line);
      return address === undefined ? [] : [isSix(address) ? 6 : 4];
    }),
  );
  const kept = lines.filter((line) => {
    const address = localOf(line);
    return !(address !== undefined && line.includes(' dev kube-ipvs0 ') && isOf(address, families));
  });
  const added = addresses.filter((address) => shown.has(isSix(address) ? 6 : 4));
  return [...kept, ...added.map(routeLine), ''].join('\n');
}

/** A node's devices and routes with these addresses on kube-ipvs0. */
export function withDummyDevice(
  { interfaces, routes }: Pick<NodeState, 'interfaces' | 'routes'>,
  addresses: readonly string[],
  families: readonly Family[],
  source: string,
): Pick<NodeState, 'interfaces' | 'routes'> {
  const text = withAddresses('', addresses, families);
  const [made] = parseLines(text, ipAddressParser(`${source}/ip-addr.txt`)).value;
  const others = interfaces?.filter(({ name }) => !isDummy(name));
  const held = interfaces?.find(({ name }) => isDummy(name));
  const rest = (held?.addresses ?? []).filter(({ address }) => !families.includes(address.family));
  const device = made && { ...made, ...held, addresses: [...rest, ...made.addresses] };
  const locals = new Set(
    routes?.flatMap(({ type, destination }) =>
      type === 'local' ? destination.address.family : [],
    ),
  );
  const kept = routes?.filter(
    ({ type, destination, nextHops }) =>
      !(
        type === 'local' &&
        isDummy(nextHops[0]?.device) &&
        families.includes(destination.address.family)
      ),
  );
  const added = addresses.filter((address) => locals.has(isSix(address) ? 6 : 4)).map(routeLine);
  const own = parseIpRoute(added.join('\n'), `${source}/ip-route.txt`).value;
  return {
    ...(others && { interfaces: device ? [...others, device] : others }),
    ...(kept && { routes: [...kept, ...own] }),
  };
}

/** A node's devices and routes without kube-ipvs0, which kube-proxy removes when it starts in another mode. */
export function withoutDummyDevice({
  interfaces,
  routes,
}: Pick<NodeState, 'interfaces' | 'routes'>): Pick<NodeState, 'interfaces' | 'routes'> {
  return {
    ...(interfaces && { interfaces: interfaces.filter(({ name }) => !isDummy(name)) }),
    ...(routes && {
      routes: routes.filter(({ nextHops }) => !nextHops.some(({ device }) => isDummy(device))),
    }),
  };
}
