import type { Address, Family } from '../../address';
import { once } from '../../once';
import type { RealServer, VirtualServer } from '../../ipvs/state';

/*
 * Look-ups among the servers of a dump, of which there may be 100,000: each packet of each way asks
 * for some. A list never changes once it is read.
 */

type VirtualServerKey = Pick<
  VirtualServer,
  'address' | 'port' | 'protocol' | 'firewallMark' | 'family'
>;

const realServers = once((all: readonly RealServer[]) =>
  firstBy(all, ({ address, port }) => place(address, port)),
);
const virtualServers = once((all: readonly VirtualServer[]) => firstBy(all, keyOf));

/** Of several with the same address and port the first. */
export function realServerAt(
  { realServers: all }: VirtualServer,
  { address, port }: Pick<RealServer, 'address' | 'port'>,
): RealServer | undefined {
  return realServers(all).get(place(address, port));
}

/** By the mark and its family alone where either address is missing. */
export function virtualServerLike(
  all: readonly VirtualServer[],
  like: VirtualServerKey,
): VirtualServer | undefined {
  return virtualServers(all).get(keyOf(like));
}

const families = once((all: readonly VirtualServer[]) => new Set(all.flatMap(familiesOf)));

/** Whether a virtual server is of the family; a firewall mark may be of either where no dump tells. */
export function hasServersOf(all: readonly VirtualServer[], family: Family): boolean {
  return families(all).has(family);
}

function familiesOf({ address, family = address?.family }: VirtualServer): readonly Family[] {
  return family === undefined ? [4, 6] : [family];
}

function keyOf({ address, port, protocol, firewallMark, family }: VirtualServerKey): string {
  return address ? `${protocol} ${place(address, port)}` : `mark ${firewallMark} ${family}`;
}

function place({ family, words }: Address, port: number | undefined): string {
  return `${family} ${words.join()} ${port}`;
}

function firstBy<T>(list: readonly T[], key: (item: T) => string): ReadonlyMap<string, T> {
  const index = new Map<string, T>();
  for (const item of list) {
    const at = key(item);
    if (!index.has(at)) index.set(at, item);
  }
  return index;
}
