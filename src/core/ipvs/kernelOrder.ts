import { formatAddress } from '../address';
import { mapInPieces, type Work } from '../work';
import type { IpvsState, RealServer, VirtualServer } from './state';

/**
 * A sorted listing with its real servers in the order of the kernel's list, in which the schedulers go
 * round. Left as it is where the two do not hold the same servers: they are of different times.
 */
export function* inKernelOrder(sorted: IpvsState, kernel: IpvsState): Work<IpvsState> {
  const listed = new Map(kernel.virtualServers.map((server) => [keyOf(server), server]));
  const virtualServers: VirtualServer[] = [];
  for (const server of sorted.virtualServers) {
    const like = listed.get(keyOf(server));
    const realServers = like && (yield* orderedAs(server.realServers, like.realServers));
    if (!realServers) return sorted;
    virtualServers.push({ ...server, realServers });
    yield;
  }
  return { ...sorted, virtualServers, kernelOrder: true };
}

/** undefined where they are not the same servers. */
function* orderedAs(
  servers: readonly RealServer[],
  like: readonly RealServer[],
): Work<readonly RealServer[] | undefined> {
  if (servers.length !== like.length) return undefined;
  const known = new Map(yield* mapInPieces(servers, (server) => [realKey(server), server]));
  const found = yield* mapInPieces(like, (server) => known.get(realKey(server)));
  const ordered = found.filter((server) => server !== undefined);
  return new Set(ordered).size === servers.length ? ordered : undefined;
}

/** Of a mark the family is told by its real servers, as in /proc/net/ip_vs. */
function keyOf({ address, port, protocol, firewallMark, realServers }: VirtualServer): string {
  return address
    ? `${protocol} ${formatAddress(address)} ${port}`
    : `mark ${firewallMark} ${realServers[0]?.address.family}`;
}

function realKey({ address, port }: RealServer): string {
  return `${formatAddress(address)} ${port}`;
}
