import { sameAddress } from '../../address';
import type { Address, Family } from '../../address';
import type { IpvsState, RealServer, VirtualServer } from '../../ipvs/state';
import { protocolNumbers, tcpFlagBits } from '../../packet';
import type { IpvsFlow, IpvsTemplate } from '../conntrack/flowState';
import type { State } from '../state';
import type { Header } from '../trace';
import { realServerAt, virtualServerLike } from './serverIndex';

const { tcp, udp, sctp } = protocolNumbers;
const { SYN, RST } = tcpFlagBits;
const ftpPort = 21;
export const ftpDataPort = 20;

/** Protocols of which IPVS schedules connections; others, like a ping, pass it by. */
export function isScheduled(protocol: number): boolean {
  return protocol === tcp || protocol === udp || protocol === sctp;
}

/**
 * ip_vs_service_find (ip_vs_ctl.c): by the mark, then by address and port, then FTP's for its data,
 * then for all ports.
 *
 * @param unprivileged the first port that any process may listen on
 */
export function findVirtualServer(
  { virtualServers }: IpvsState,
  {
    protocol,
    destination,
    destinationPort,
  }: Pick<Header, 'protocol' | 'destination' | 'destinationPort'>,
  mark: number,
  unprivileged: number,
): VirtualServer | undefined {
  const marked = mark === 0 ? undefined : markedServer(virtualServers, mark, destination.family);
  if (marked) return marked;
  const at = (port: number | undefined) =>
    virtualServerLike(virtualServers, { address: destination, protocol, port });
  const mayBeData = destinationPort === ftpDataPort || (destinationPort ?? 0) >= unprivileged;
  const ftp = protocol === tcp && mayBeData ? at(ftpPort) : undefined;
  return at(destinationPort) ?? ftp ?? at(0);
}

/** /proc/net/ip_vs does not tell the family of a mark. */
export function markedServer(
  all: readonly VirtualServer[],
  firewallMark: number,
  family: Family,
): VirtualServer | undefined {
  return (
    virtualServerLike(all, { firewallMark, family }) ?? virtualServerLike(all, { firewallMark })
  );
}

/** Another port of the address of FTP's virtual server, which may be of its data. */
export function isFtpData(virtual: VirtualServer, destinationPort: number | undefined): boolean {
  return virtual.port === ftpPort && destinationPort !== ftpPort;
}

/** tcp_conn_schedule (ip_vs_proto_tcp.c): a SYN opens a connection, or with sloppy_tcp all but RST. */
export function opens({ packet }: State, sloppy: boolean): boolean {
  const flags = packet.flags ?? SYN;
  return packet.protocol !== tcp || ((sloppy || (flags & SYN) !== 0) && (flags & RST) === 0);
}

/** ip_vs_conn_in_get: the connection of which this is a request. */
export function requestOf({ ipvs, header }: Pick<State, 'ipvs' | 'header'>): IpvsFlow | undefined {
  return ipvs.find(
    (flow) =>
      flow.protocol === header.protocol &&
      sameEnd(flow.client, flow.clientPort, header.source, header.sourcePort) &&
      sameEnd(flow.address, flow.port, header.destination, header.destinationPort),
  );
}

/**
 * ip_vs_conn_out_get: the connection of which this is a real server's reply; of a server that is not
 * masqueraded the replies have the virtual address already.
 */
export function replyOf({ ipvs, header }: Pick<State, 'ipvs' | 'header'>): IpvsFlow | undefined {
  return ipvs.find((flow) => {
    const masked = flow.real.method === 'Masq';
    const [address, port] = masked ? [flow.real.address, flow.realPort] : [flow.address, flow.port];
    return (
      flow.protocol === header.protocol &&
      sameEnd(address, port, header.source, header.sourcePort) &&
      sameEnd(flow.client, flow.clientPort, header.destination, header.destinationPort)
    );
  });
}

/** ip_vs_has_real_service: the masqueraded server that a packet comes from. */
export function masqueradedServer(
  { virtualServers }: IpvsState,
  { protocol, source, sourcePort }: Header,
): RealServer | undefined {
  for (const virtual of virtualServers) {
    if (virtual.protocol !== undefined && virtual.protocol !== protocol) continue;
    const real = realServerAt(virtual, { address: source, port: sourcePort ?? 0 });
    if (real?.method === 'Masq') return real;
  }
  return undefined;
}

/** What a packet's answer would look like: for the look-up of a packet that an ICMP error quotes. */
export function turned(header: Header): Header {
  return {
    protocol: header.protocol,
    source: header.destination,
    destination: header.source,
    sourcePort: header.destinationPort,
    destinationPort: header.sourcePort,
  };
}

/**
 * The row of a connection's real server in the dump of now, without which the server is deleted
 * (IP_VS_DEST_F_AVAILABLE): added anew with the same address and port it is the same one.
 */
export function currentServer(
  ipvs: IpvsState,
  { virtual, real }: Pick<IpvsFlow, 'virtual' | 'real'>,
): RealServer | undefined {
  const server = virtualServerLike(ipvs.virtualServers, virtual);
  return server && realServerAt(server, real);
}

export function isSameReal(left: RealServer, right: RealServer): boolean {
  return left.port === right.port && sameAddress(left.address, right.address);
}

/** The template of the client's earlier connections (ip_vs_ct_in_get). */
export function templateOf(
  { ipvsTemplates, header }: Pick<State, 'ipvsTemplates' | 'header'>,
  virtual: VirtualServer,
): IpvsTemplate | undefined {
  const { firewallMark } = virtual;
  const client = maskedClient(virtual, header.source);
  const port = templatePort(virtual, header.destinationPort);
  return ipvsTemplates.find(
    (template) =>
      sameServer(template.virtual, virtual) &&
      (firewallMark !== undefined || template.protocol === header.protocol) &&
      template.port === port &&
      sameAddress(template.client, client),
  );
}

/** 0 in the template of FTP, of a virtual server for all ports and of a firewall mark (ip_vs_sched_persist). */
export function templatePort(
  { port = 0 }: VirtualServer,
  destinationPort: number | undefined,
): number {
  return port === destinationPort && port !== ftpPort ? port : 0;
}

/** The client's address under the virtual server's persistence mask. */
export function maskedClient({ persistentMask }: VirtualServer, client: Address): Address {
  if (!persistentMask) return client;
  const words = client.words.map((word, i) => (word & (persistentMask[i] ?? 0)) >>> 0);
  return { family: client.family, words };
}

export function sameServer(left: VirtualServer, right: VirtualServer): boolean {
  if (!left.address || !right.address) {
    return left.firewallMark === right.firewallMark && left.family === right.family;
  }
  const samePort = left.protocol === right.protocol && left.port === right.port;
  return samePort && sameAddress(left.address, right.address);
}

function sameEnd(
  address: Address,
  port: number | undefined,
  other: Address,
  otherPort: number | undefined,
): boolean {
  return port === otherPort && sameAddress(address, other);
}
