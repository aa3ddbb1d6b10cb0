import { sameAddress } from '../address';
import { isIcmpError, protocolNumbers, tcpFlagBits } from '../packet';
import type { InnerPacket, Packet } from '../packet';
import type { ConntrackState } from '../rules/match';
import { unknown } from '../truth';
import type { Connection, Tuple } from './flowState';
import type { State } from './state';
import type { Header } from './trace';

const { icmp, icmp6, tcp } = protocolNumbers;
const { SYN, RST, FIN } = tcpFlagBits;

/**
 * What nf_conntrack_in makes of the packet at its hook: the connection that it belongs to or opens.
 * A packet that has one already (over the loopback device) or is untracked is left alone.
 *
 * @param forced the state that the caller wants to look at
 * @returns what it did, in words; undefined where it did nothing
 */
export function track(
  state: State,
  connections: readonly Connection[],
  forced: ConntrackState | undefined,
  loose: boolean,
): string | undefined {
  if (state.tracking === 'tracked' || state.tracking === 'untracked') return undefined;
  if (forced === 'INVALID' || forced === 'UNTRACKED') {
    state.tracking = forced === 'INVALID' ? 'invalid' : 'untracked';
    return `${forced}, as asked`;
  }
  if (isUntracked(state.packet)) {
    state.tracking = 'untracked';
    return 'UNTRACKED: neighbour discovery and group reports are no connections';
  }
  if (hasNoPayload(state.packet)) {
    state.tracking = 'invalid';
    return 'INVALID: no payload of a known protocol follows its headers';
  }
  const { inner } = state.header;
  if (inner && isIcmpError(state.packet)) return relate(state, inner, connections);
  for (const connection of connections) {
    const reply = belongs(state.header, connection.reply);
    if (!reply && !belongs(state.header, connection.original)) continue;
    const isSyn = (state.packet.flags ?? SYN) === SYN;
    const closed = connection.finished === 'both' || connection.aborted === true;
    if (state.packet.protocol === tcp && closed && isSyn && !reply) break;
    if (tooEarly(state, connection, reply)) {
      state.tracking = 'invalid';
      return 'INVALID: the SYN of this connection has not been answered yet';
    }
    enter(state, connection, reply);
    return `${state.ctState}, ${reply ? 'reply' : 'original'} direction of a known connection`;
  }
  if (!canOpen(state.packet, loose)) {
    state.tracking = 'invalid';
    return 'INVALID: it cannot open a connection';
  }
  state.tracking = 'tracked';
  state.connection = open(state);
  state.ctState = forced ?? 'NEW';
  if (forced && forced !== 'NEW') {
    state.connection = { ...state.connection, ...asEstablished, assured: unknownAssured };
  }
  return forced && forced !== 'NEW' ? `${forced}, as asked, without NAT` : state.ctState;
}

/**
 * nf_conntrack_inet_error: an ICMP error belongs to the connection whose packet it quotes, in the
 * direction in which that packet's answer would go.
 */
function relate(
  state: State,
  inner: InnerPacket,
  connections: readonly Connection[],
): string | undefined {
  const answer: Header = isIcmp(inner.protocol)
    ? { ...inner, source: inner.destination, destination: inner.source }
    : {
        protocol: inner.protocol,
        source: inner.destination,
        destination: inner.source,
        sourcePort: inner.destinationPort,
        destinationPort: inner.sourcePort,
      };
  for (const connection of connections) {
    const reply = belongs(answer, connection.reply);
    if (!reply && !belongs(answer, connection.original)) continue;
    const { destination } = reply ? connection.reply : connection.original;
    if (state.run?.hook === 'prerouting' && !sameAddress(destination, state.header.destination)) {
      break;
    }
    state.tracking = 'tracked';
    state.connection = connection;
    state.reply = reply;
    state.ctState = 'RELATED';
    return `RELATED to a known connection, ${reply ? 'reply' : 'original'} direction`;
  }
  state.tracking = 'invalid';
  return 'INVALID: it quotes a packet of no known connection';
}

/** noct_valid_new (nf_conntrack_proto_icmpv6.c): MLD, router and neighbour discovery. */
function isUntracked({ protocol, icmpType }: Packet): boolean {
  if (protocol !== icmp6 || icmpType === undefined) return false;
  return (icmpType >= 130 && icmpType <= 136) || icmpType === 143;
}

/** ipv6_skip_exthdr finds none in a packet without next header and in a later fragment. */
function hasNoPayload({ destination, protocol, fragment }: Packet): boolean {
  return destination.family === 6 && (protocol === noNextHeader || fragment === true);
}

const noNextHeader = 59;

const unknownAssured = unknown('no dump tells whether the connection is assured');
const asEstablished = {
  confirmed: true,
  seenReply: true,
  sourceDone: true,
  destinationDone: true,
} as const;

/** tcp_conntracks, column SYN_SENT: from the client only SYN and RST are valid. */
function tooEarly({ packet }: State, connection: Connection, reply: boolean): boolean {
  if (packet.protocol !== tcp || reply || !connection.synSent || connection.seenReply) return false;
  return ((packet.flags ?? SYN) & (SYN | RST)) === 0;
}

/** The directions in which a FIN was seen, this packet included. */
function finishedBy(
  { packet }: State,
  { finished }: Connection,
  reply: boolean,
): Connection['finished'] {
  if (packet.protocol !== tcp || ((packet.flags ?? SYN) & FIN) === 0) return finished;
  const side = reply ? 'reply' : 'original';
  return finished === undefined || finished === side ? side : 'both';
}

function enter(state: State, connection: Connection, reply: boolean): void {
  const seenReply = connection.seenReply || reply;
  const handshake = state.packet.protocol === tcp && !reply && connection.seenReply;
  state.connection = {
    ...connection,
    reply: reply ? settledPort(connection.reply, state.header) : connection.reply,
    seenReply,
    finished: finishedBy(state, connection, reply),
    aborted: !reply && ((state.packet.flags ?? SYN) & RST) !== 0,
    // The third packet of a TCP handshake assures; udp is assured only after two seconds.
    assured: handshake ? true : connection.assured,
  };
  state.tracking = 'tracked';
  state.reply = reply;
  state.ctState = reply || seenReply ? 'ESTABLISHED' : 'NEW';
}

/** A reply shows which port the kernel had chosen at random. */
function settledPort(tuple: Tuple, header: Header): Tuple {
  if (!tuple.destinationPorts) return tuple;
  const port = isIcmp(header.protocol) ? header.sourcePort : header.destinationPort;
  return { ...tuple, destinationPort: port, destinationPorts: undefined };
}

/** An icmp packet has one id in both directions: the source port of the first, see `open`. */
function belongs(header: Header, tuple: Tuple): boolean {
  if (header.protocol !== tuple.protocol) return false;
  if (!sameAddress(header.source, tuple.source)) return false;
  if (!sameAddress(header.destination, tuple.destination)) return false;
  if (isIcmp(header.protocol)) {
    return header.sourcePort === tuple.sourcePort || isPort(header.sourcePort, tuple);
  }
  return header.sourcePort === tuple.sourcePort && isPort(header.destinationPort, tuple);
}

function isPort(port: number | undefined, tuple: Tuple): boolean {
  const { destinationPort, destinationPorts } = tuple;
  if (!destinationPorts) return port === destinationPort;
  return port !== undefined && destinationPorts.some(({ from, to }) => port >= from && port <= to);
}

/** Does the first packet open a connection (nf_conntrack_proto_tcp.c and _icmp.c), or is it INVALID? */
function canOpen(packet: Packet, loose: boolean): boolean {
  switch (packet.protocol) {
    case tcp:
      return tcpOpens(packet.flags ?? tcpFlagBits.SYN, loose);
    case icmp:
      return [8, 13, 15, 17].includes(packet.icmpType ?? 8);
    case icmp6:
      return [128, 139].includes(packet.icmpType ?? 128);
    default:
      return true;
  }
}

/** Without PSH: tcp_valid_flags, then the column NONE of tcp_conntracks. */
function tcpOpens(flags: number, loose: boolean): boolean {
  const { SYN, ACK, URG, PSH } = tcpFlagBits;
  const bits = flags & ~PSH & 0x3f;
  if (bits === SYN || bits === (SYN | URG)) return true;
  return loose && (bits === ACK || bits === (ACK | URG));
}

function open({ header, packet }: State): Connection {
  const { protocol, source, destination, sourcePort, destinationPort } = header;
  const id = isIcmp(protocol);
  return {
    original: { protocol, source, destination, sourcePort, destinationPort },
    reply: {
      protocol,
      source: destination,
      destination: source,
      sourcePort: destinationPort,
      destinationPort: sourcePort,
    },
    mark: 0,
    confirmed: false,
    seenReply: false,
    assured: false,
    sourceNat: false,
    destinationNat: false,
    sourceDone: false,
    destinationDone: false,
    synSent: protocol === tcp && ((packet.flags ?? SYN) & SYN) !== 0,
    icmp: id
      ? { type: packet.icmpType ?? (protocol === icmp ? 8 : 128), code: packet.icmpCode ?? 0 }
      : undefined,
  };
}

export function isIcmp(protocol: number): boolean {
  return protocol === icmp || protocol === icmp6;
}
