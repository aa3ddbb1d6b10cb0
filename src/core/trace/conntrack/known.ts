import { sameAddress } from '../../address';
import type { Address } from '../../address';
import type { ConntrackEntry, ConntrackTuple } from '../../connections';
import type { IpvsConnection, RealServer, VirtualServer } from '../../ipvs/state';
import type { NodeState } from '../../node';
import { protocolNumbers } from '../../packet';
import type { Packet } from '../../packet';
import { mapInPieces, type Work } from '../../work';
import { isIcmp } from './conntrack';
import type { Connection, FlowState, IpvsFlow, IpvsTemplate, Tuple } from './flowState';
import type { IpvsTcpState } from '../ipvs/tcpState';
import type { TcpState, TcpTracking } from './tcpTracking';
import { rowsWith } from '../rowsByAddress';
import { chosenZone } from './zone';
import { realServerAt, virtualServerLike } from '../ipvs/serverIndex';
import { markedServer } from '../ipvs/table';

/**
 * What the node's dumps of its connections (conntrack, `ipvsadm -Lnc`) know of a packet, for whoever
 * says nothing of the packets before. Of a table of 100,000 only the rows of the packet's own ends.
 */
export function* knownMemory(node: NodeState, packet: Packet): Work<FlowState> {
  const ends = endsOf(packet);
  const entries = node.connections && (yield* rowsWith(node.connections, sourcesOf, ends));
  const rows = yield* rowsWith(node.ipvsConnections ?? [], clientOf, ends);
  const own = entries?.filter((entry) => entry.event === undefined && isOf(entry, packet));
  return {
    ...(own && { connections: yield* mapInPieces(own, (entry) => connectionOf(node, entry)) }),
    ipvs: yield* mapInPieces(
      rows.filter(({ client }) => client.port !== 0),
      (row) => flowOf(node, row),
    ),
    ipvsTemplates: yield* mapInPieces(
      rows.filter(({ client }) => client.port === 0),
      (row) => templateOf(node, row),
    ),
  };
}

/** The ends of a packet, or of the one that an ICMP error quotes. */
function endsOf(packet: Packet): readonly Address[] {
  const { source, destination } = packet.inner ?? packet;
  return [source, destination];
}

/** Who sends in each direction: a packet of the entry has come from one of them. */
function sourcesOf({ original, reply }: ConntrackEntry): readonly Address[] {
  return [original.source, reply.source];
}

/** A template's client is its network, so that all templates count. */
function clientOf({ client }: IpvsConnection): readonly Address[] {
  return client.port === 0 ? [] : [client.address];
}

function isOf({ protocol, original, reply }: ConntrackEntry, packet: Packet): boolean {
  if (protocol !== (packet.inner ?? packet).protocol) return false;
  const ends = endsOf(packet);
  const has = (tuple: ConntrackTuple): boolean =>
    ends.some((end) => sameAddress(end, tuple.source)) &&
    ends.some((end) => sameAddress(end, tuple.destination));
  return has(original) || has(reply);
}

function connectionOf({ ipvs }: NodeState, entry: ConntrackEntry): Connection {
  const { protocol, icmp, unreplied, assured, mark, state, zone, range } = entry;
  const original = tupleOf(entry, entry.original, false);
  const reply = tupleOf(entry, entry.reply, true);
  // IPVS writes its real server into the reply direction without counting it as NAT.
  const { destination: address, destinationPort: port } = original;
  const byIpvs = ipvs && virtualServerLike(ipvs.virtualServers, { address, protocol, port });
  const sourceKept =
    sameAddress(reply.destination, original.source) &&
    (icmp !== undefined || reply.destinationPort === original.sourcePort);
  const destinationKept =
    sameAddress(reply.source, original.destination) &&
    (icmp !== undefined || reply.sourcePort === original.destinationPort);
  return {
    original,
    reply,
    mark,
    ...(zone !== undefined && {
      zone: chosenZone({ id: zone, direction: entry.zoneDirection }, 0),
    }),
    confirmed: true,
    seenReply: !unreplied,
    assured,
    sourceNat: !sourceKept,
    destinationNat: !destinationKept && !byIpvs,
    sourceDone: true,
    destinationDone: true,
    ...(protocol === protocolNumbers.tcp && { tcp: trackingOf(state) }),
    ...(icmp && { icmp: { type: icmp.type, code: icmp.code } }),
    range,
  };
}

/** A dump does not show who closed; one that closes orderly has seen a FIN. */
function trackingOf(state: string | undefined): TcpTracking {
  const known = (state ?? 'ESTABLISHED') as TcpState;
  const closing = ['FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT'].includes(known);
  return { state: known, closing, last: { segment: 'none', reply: false } };
}

/** For icmp the id stands as the port of whoever asked, in both directions. */
function tupleOf({ protocol, icmp }: ConntrackEntry, tuple: ConntrackTuple, reply: boolean): Tuple {
  if (!isIcmp(protocol)) return { protocol, ...tuple };
  const { source, destination } = tuple;
  const id = icmp?.id;
  return reply
    ? { protocol, source, destination, destinationPort: id }
    : { protocol, source, destination, sourcePort: id };
}

function flowOf(node: NodeState, row: IpvsConnection): IpvsFlow {
  const { virtual, real } = serversOf(node, row);
  return {
    protocol: row.protocol,
    client: row.client.address,
    clientPort: row.client.port,
    address: row.virtual.address,
    port: row.virtual.port,
    virtual,
    real,
    realPort: row.real.port,
    tracked: node.sysctls?.get('net.ipv4.vs.conntrack') !== '0',
    tcpState: row.protocol === protocolNumbers.tcp ? (row.state as IpvsTcpState) : 'NONE',
    controlled: virtual.persistent !== undefined,
    onePacket: false,
    answered: false,
    counted: true,
    range: row.range,
  };
}

function templateOf(node: NodeState, row: IpvsConnection): IpvsTemplate {
  const { virtual, real } = serversOf(node, row);
  const { client, range } = row;
  return {
    protocol: row.protocol,
    client: client.address,
    virtual,
    port: row.virtual.port,
    real,
    range,
  };
}

/** The row's servers as the dump of the servers has them; what is gone from it as the row has it. */
function serversOf(
  { ipvs }: NodeState,
  { protocol, virtual: end, real: to, range }: IpvsConnection,
): { readonly virtual: VirtualServer; readonly real: RealServer } {
  const servers = ipvs?.virtualServers ?? [];
  const at = (port: number) => virtualServerLike(servers, { address: end.address, protocol, port });
  const hasAddress = (real: RealServer) => sameAddress(real.address, to.address);
  // A template of protocol 0 has the firewall mark in place of the address.
  const virtual =
    protocol === 0
      ? markedServer(servers, end.address.words[0]!, to.address.family)
      : (at(end.port) ?? at(0));
  const real =
    virtual &&
    (realServerAt(virtual, to) ??
      realServerAt(virtual, { ...to, port: 0 }) ??
      (to.port === 0 ? virtual.realServers.find(hasAddress) : undefined));
  return {
    virtual: virtual ?? {
      address: end.address,
      port: end.port,
      protocol,
      flags: [],
      realServers: [],
      range,
    },
    real: real ?? { address: to.address, port: to.port, method: 'Masq', weight: 1, range },
  };
}
