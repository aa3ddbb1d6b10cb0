import { l10n } from '../../l10n';
import { sameAddress } from '../../address';
import type { ConntrackZone } from '../../connections';
import { icmpTypeOf, isIcmpError, protocolNumbers, tcpFlagBits } from '../../packet';
import type { InnerPacket, Packet } from '../../packet';
import type { ConntrackState } from '../../rules/match';
import { unknown } from '../../truth';
import { unconfirmed } from './flowState';
import type { Connection, Tuple } from './flowState';
import type { State } from '../state';
import { afterSegment, assures, openedBy } from './tcpTracking';
import type { TcpTracking } from './tcpTracking';
import type { Header } from '../trace';
import { chosenZone, sameZone } from './zone';

const { icmp, icmp6, tcp } = protocolNumbers;
const { SYN } = tcpFlagBits;

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
  const zone = chosenZone(state.template?.zone, state.mark);
  state.template = undefined;
  if (forced === 'INVALID' || forced === 'UNTRACKED') {
    state.tracking = forced === 'INVALID' ? 'invalid' : 'untracked';
    return l10n.t`${forced}, as asked`;
  }
  if (isUntracked(state.packet)) {
    state.tracking = 'untracked';
    return l10n.t`UNTRACKED: neighbour discovery and group reports are no connections`;
  }
  if (hasNoPayload(state.packet)) {
    state.tracking = 'invalid';
    return l10n.t`INVALID: no payload of a known protocol follows its headers`;
  }
  const { inner } = state.header;
  if (inner && isIcmpError(state.packet)) return relate(state, inner, connections, zone);
  for (const connection of connections) {
    const is = (reply: boolean) =>
      belongs(state, connection, reply) && sameZone(connection.zone, zone, reply);
    const reply = is(true);
    if (!reply && !is(false)) continue;
    const flags = state.packet.flags ?? SYN;
    const step = connection.tcp && afterSegment(connection.tcp, reply, flags);
    if (step === 'reopen') break;
    if (step === 'invalid') {
      state.tracking = 'invalid';
      return l10n.t`INVALID: not a segment that follows in ${connection.tcp?.state}`;
    }
    enter(state, connection, reply, step);
    return reply
      ? l10n.t`${state.ctState}, reply direction of a known connection`
      : l10n.t`${state.ctState}, original direction of a known connection`;
  }
  const opened = openedBy(state.packet.flags ?? SYN, loose);
  if (!canOpen(state.packet, opened)) {
    state.tracking = 'invalid';
    return l10n.t`INVALID: it cannot open a connection`;
  }
  state.tracking = 'tracked';
  state.connection = { ...open(state, opened), zone };
  state.ctState = forced ?? 'NEW';
  if (forced && forced !== 'NEW') {
    const tcp = opened && ({ ...opened, state: 'ESTABLISHED' } as const);
    state.connection = { ...state.connection, ...asEstablished, tcp, assured: unknownAssured };
  }
  return forced && forced !== 'NEW' ? l10n.t`${forced}, as asked, without NAT` : state.ctState;
}

/**
 * nf_conntrack_inet_error: an ICMP error belongs to the connection whose packet it quotes, in the
 * direction in which that packet's answer would go.
 */
function relate(
  state: State,
  inner: InnerPacket,
  connections: readonly Connection[],
  zone: ConntrackZone,
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
    const is = (reply: boolean) =>
      hasEnds(answer, reply ? connection.reply : connection.original) &&
      sameZone(connection.zone, zone, reply);
    const reply = is(true);
    if (!reply && !is(false)) continue;
    const { destination } = reply ? connection.reply : connection.original;
    if (state.run?.hook === 'prerouting' && !sameAddress(destination, state.header.destination)) {
      break;
    }
    state.tracking = 'tracked';
    state.connection = connection;
    state.reply = reply;
    state.ctState = 'RELATED';
    return reply
      ? l10n.t`RELATED to a known connection, reply direction`
      : l10n.t`RELATED to a known connection, original direction`;
  }
  state.tracking = 'invalid';
  return l10n.t`INVALID: it quotes a packet of no known connection`;
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

const unknownAssured = unknown(l10n.t`whether the connection is assured is not known`);
const asEstablished = {
  confirmed: true,
  seenReply: true,
  sourceDone: true,
  destinationDone: true,
} as const;

function enter(
  state: State,
  connection: Connection,
  reply: boolean,
  after: TcpTracking | undefined,
): void {
  const { tcp: before } = connection;
  const seenReply = connection.seenReply || reply;
  // The third packet of a TCP handshake assures; udp is assured only after two seconds.
  const assured = connection.seenReply && before && after && assures(before, after);
  state.connection = {
    ...connection,
    reply: reply ? settledPort(connection.reply, state.header) : connection.reply,
    seenReply,
    tcp: after,
    assured: assured === true ? true : connection.assured,
  };
  // A refused or given up attempt is forgotten at once.
  const isReset = after?.last.segment === 'rst';
  if (isReset && !connection.seenReply) state.dropsConnection = true;
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
function belongs(
  { header, packet }: Pick<State, 'header' | 'packet'>,
  { icmp: opened, original, reply: answer }: Connection,
  reply: boolean,
): boolean {
  if (!hasEnds(header, reply ? answer : original)) return false;
  return opened === undefined || isIcmpOf(packet, opened, reply);
}

/** The type is part of the tuple: an echo request is never the answer to another. */
function isIcmpOf(
  packet: Packet,
  opened: { readonly type: number; readonly code: number },
  reply: boolean,
): boolean {
  const type = reply ? answerType(packet.protocol, opened.type) : opened.type;
  return icmpTypeOf(packet) === type && (packet.icmpCode ?? 0) === opened.code;
}

/** invmap of nf_conntrack_proto_icmp.c and _icmpv6.c; undefined: the type opens no connection. */
function answerType(protocol: number, type: number): number | undefined {
  return protocol === icmp ? { 8: 0, 13: 14, 15: 16, 17: 18 }[type] : { 128: 129, 139: 140 }[type];
}

/** What an icmp tuple has where others have the destination port: `type * 256 + code`. */
export function typeAndCode(
  protocol: number,
  opened: { readonly type: number; readonly code: number },
  reply: boolean,
): number | undefined {
  const type = reply ? answerType(protocol, opened.type) : opened.type;
  return type === undefined ? undefined : type * 256 + opened.code;
}

function hasEnds(header: Header, tuple: Tuple): boolean {
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
function canOpen(packet: Packet, opened: TcpTracking | undefined): boolean {
  switch (packet.protocol) {
    case tcp:
      return opened !== undefined;
    case icmp:
    case icmp6:
      return answerType(packet.protocol, icmpTypeOf(packet)) !== undefined;
    default:
      return true;
  }
}

function open({ header, packet }: State, opened: TcpTracking | undefined): Connection {
  const { protocol, source, destination, sourcePort, destinationPort } = header;
  const id = isIcmp(protocol);
  return {
    ...unconfirmed,
    original: { protocol, source, destination, sourcePort, destinationPort },
    reply: {
      protocol,
      source: destination,
      destination: source,
      sourcePort: destinationPort,
      destinationPort: sourcePort,
    },
    ...(protocol === tcp && { tcp: opened }),
    icmp: id ? { type: icmpTypeOf(packet), code: packet.icmpCode ?? 0 } : undefined,
  };
}

export function isIcmp(protocol: number): boolean {
  return protocol === icmp || protocol === icmp6;
}

/**
 * Whether another connection may have expected this one (ct->master), as FTP's does that of its data. An
 * ICMP error is RELATED, too, but of the connection that it is about.
 */
export function mayBeExpected({ ctState, packet }: State): boolean {
  return ctState === 'RELATED' && !isIcmpError(packet);
}
