import { contains, sameAddress } from '../../address';
import type { Address } from '../../address';
import type { IpvsState, VirtualServer } from '../../ipvs/state';
import { protocolNumbers, tcpFlagBits } from '../../packet';
import type { IpvsFlow } from '../flowState';
import type { State } from '../state';
import type { Header } from '../trace';

const { tcp, udp, sctp } = protocolNumbers;
const { SYN, RST, FIN } = tcpFlagBits;

/** Protocols of which IPVS schedules connections; others, like a ping, pass it by. */
export function isScheduled(protocol: number): boolean {
  return protocol === tcp || protocol === udp || protocol === sctp;
}

/** ip_vs_service_find (ip_vs_ctl.c): by the mark, then by address and port, then for all ports. */
export function findVirtualServer(
  { virtualServers }: IpvsState,
  { protocol, destination, destinationPort }: Header,
  mark: number,
): VirtualServer | undefined {
  const marked =
    mark === 0 ? undefined : virtualServers.find((server) => server.firewallMark === mark);
  if (marked) return marked;
  const here = virtualServers.filter(
    ({ address, protocol: own }) =>
      address !== undefined && own === protocol && sameAddress(address, destination),
  );
  return here.find(({ port }) => port === destinationPort) ?? here.find(({ port }) => port === 0);
}

/** tcp_conn_schedule (ip_vs_proto_tcp.c): a SYN opens a connection, udp and sctp do always. */
export function opens({ packet }: State): boolean {
  const flags = packet.flags ?? SYN;
  return packet.protocol !== tcp || ((flags & SYN) !== 0 && (flags & RST) === 0);
}

/** ip_vs_conn_in_get: the connection of which this is a request. */
export function requestOf({ ipvs, header }: State): IpvsFlow | undefined {
  return ipvs.find(
    (flow) =>
      flow.protocol === header.protocol &&
      sameEnd(flow.client, flow.clientPort, header.source, header.sourcePort) &&
      sameEnd(flow.address, flow.port, header.destination, header.destinationPort),
  );
}

/** ip_vs_conn_out_get: the connection of which this is a real server's reply. */
export function replyOf({ ipvs, header }: State): IpvsFlow | undefined {
  return ipvs.find(
    (flow) =>
      flow.protocol === header.protocol &&
      flow.real.method === 'Masq' &&
      sameEnd(flow.real.address, flow.realPort, header.source, header.sourcePort) &&
      sameEnd(flow.client, flow.clientPort, header.destination, header.destinationPort),
  );
}

/** The connection of a request that has its real server's address already (for `-m ipvs`). */
export function requestToRealServer({ ipvs, header }: State): IpvsFlow | undefined {
  return ipvs.find(
    (flow) =>
      flow.protocol === header.protocol &&
      sameEnd(flow.client, flow.clientPort, header.source, header.sourcePort) &&
      sameEnd(flow.real.address, flow.realPort, header.destination, header.destinationPort),
  );
}

/** The server of a persistent client's earlier connection (ip_vs_sched_persist's template). */
export function boundFlow({ ipvs, header }: State, virtual: VirtualServer): IpvsFlow | undefined {
  const { persistent, persistentMask } = virtual;
  if (persistent === undefined) return undefined;
  return ipvs.find(
    ({ virtual: own, client, real }) =>
      sameServer(own, virtual) && real.weight > 0 && alike(client, header.source, persistentMask),
  );
}

function sameServer(left: VirtualServer, right: VirtualServer): boolean {
  if (!left.address || !right.address) return left.firewallMark === right.firewallMark;
  const samePort = left.protocol === right.protocol && left.port === right.port;
  return samePort && sameAddress(left.address, right.address);
}

function alike(client: Address, source: Address, mask: readonly number[] | undefined): boolean {
  if (!mask) return sameAddress(client, source);
  const words = client.words.map((word, i) => (word & (mask[i] ?? 0)) >>> 0);
  return contains({ address: { family: client.family, words }, mask }, source);
}

function sameEnd(
  address: Address,
  port: number | undefined,
  other: Address,
  otherPort: number | undefined,
): boolean {
  return port === otherPort && sameAddress(address, other);
}

/** Writes what a FIN changes (the states of tcp_states, as far as a later SYN asks for them). */
export function noteFinish(state: State, flow: IpvsFlow, side: 'client' | 'server'): void {
  const { protocol, flags = SYN } = state.packet;
  if (protocol !== tcp || (flags & FIN) === 0) return;
  const finished = flow.finished === 'none' || flow.finished === side ? side : 'both';
  state.ipvs = state.ipvs.map((other) => (other === flow ? { ...flow, finished } : other));
}
