import { formatAddress } from '../address';
import type { IpvsState, RealServer, VirtualServer } from './state';

/**
 * A sorted listing with its real servers in the order of the kernel's list, in which the schedulers go
 * round. Left as it is where the two do not hold the same servers: they are of different times.
 */
export function inKernelOrder(sorted: IpvsState, kernel: IpvsState): IpvsState {
  const orders = new Map(
    kernel.virtualServers.map((server) => [
      keyOf(server),
      new Map(server.realServers.map((real, i) => [realKey(real), i])),
    ]),
  );
  const virtualServers: VirtualServer[] = [];
  for (const server of sorted.virtualServers) {
    const order = orders.get(keyOf(server));
    const same =
      order?.size === server.realServers.length &&
      server.realServers.every((real) => order.has(realKey(real)));
    if (!same) return sorted;
    const place = (real: RealServer) => order.get(realKey(real))!;
    const realServers = [...server.realServers].sort((left, right) => place(left) - place(right));
    virtualServers.push({ ...server, realServers });
  }
  return { ...sorted, virtualServers, kernelOrder: true };
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
