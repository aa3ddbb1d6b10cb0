import { sameAddress } from '../address';
import type { Address } from '../address';
import type { Interval } from '../rules/optionValue';
import { isIcmp } from './conntrack';
import type { Connection, Tuple } from './flowState';
import { withPorts } from './ports';
import type { State } from './state';
import type { Header, Hook } from './trace';
import { sameZone } from './zone';

/** What a hook's nat rewrites (HOOK2MANIP). */
export type Side = 'source' | 'destination';

export function sideOf(hook: Hook): Side {
  return hook === 'prerouting' || hook === 'output' ? 'destination' : 'source';
}

/** struct nf_nat_range2, as far as rules set it. */
export interface NatRange {
  readonly address?: Address;
  readonly ports?: Interval;
  /** `a:1-9/BASE`: the port is shifted by its distance from BASE. */
  readonly portBase?: number;
  /** --random, --random-fully. */
  readonly random: boolean;
}

/**
 * nf_nat_setup_info for a connection's first packet: what the other direction will look like. Takes
 * for granted that no other connection has the same tuple.
 */
export function bind(connection: Connection, side: Side, range: NatRange): Connection {
  return side === 'source' ? bindSource(connection, range) : bindDestination(connection, range);
}

function bindSource(connection: Connection, range: NatRange): Connection {
  const { reply } = connection;
  const destination = range.address ?? reply.destination;
  const tuple: Tuple = { ...reply, destination, ...sourcePorts(reply, range) };
  const changed = tuple.destinationPorts !== undefined || !sameTuple(tuple, reply);
  return {
    ...connection,
    reply: tuple,
    sourceDone: true,
    sourceNat: connection.sourceNat || changed,
  };
}

function bindDestination(connection: Connection, range: NatRange): Connection {
  const { reply } = connection;
  const source = range.address ?? reply.source;
  // An id is chosen anew whichever side is mapped (nf_nat_l4proto_unique_tuple).
  const id = isIcmp(reply.protocol) && range.random ? sourcePorts(reply, range) : undefined;
  const tuple: Tuple = { ...reply, ...id, source, sourcePort: destinationPort(reply, range) };
  return {
    ...connection,
    reply: tuple,
    destinationDone: true,
    destinationNat: connection.destinationNat || id !== undefined || !sameTuple(tuple, reply),
  };
}

type PortChoice = Pick<Tuple, 'destinationPort' | 'destinationPorts'>;

/** nf_nat_l4proto_unique_tuple: the port stays, unless --random or a range without it asks. */
function sourcePorts(reply: Tuple, { ports, random }: NatRange): PortChoice {
  const { protocol, destinationPort: port, destinationPorts } = reply;
  if (!isIcmp(protocol) && !withPorts.includes(protocol)) return { destinationPort: port };
  if (port === undefined) return { destinationPorts };
  const stays = !ports || (port >= ports.from && port <= ports.to);
  if (stays && !random) return { destinationPort: port };
  const { from, to } = ports ?? chosenAmong(protocol, port);
  if (from === to) return { destinationPort: from };
  return { destinationPort: undefined, destinationPorts: [{ from, to }] };
}

/** Ports below 512, 1024 stay among their like ("loose convention"); an icmp id is any number. */
function chosenAmong(protocol: number, port: number): Interval {
  if (isIcmp(protocol)) return { from: 0, to: 65535 };
  if (port < 512) return { from: 1, to: 511 };
  return port < 1024 ? { from: 600, to: 1023 } : { from: 1024, to: 65535 };
}

/**
 * A destination port outside of the range becomes the range's first; a distance is counted in 16 bits.
 * One of several at random is chosen before: see natTarget.
 */
function destinationPort(reply: Tuple, { ports, portBase }: NatRange): number | undefined {
  const { protocol, sourcePort: port } = reply;
  if (!ports || port === undefined || !withPorts.includes(protocol)) return port;
  const size = ports.to - ports.from + 1;
  if (portBase !== undefined) return ports.from + (((port - portBase) & 0xffff) % size);
  return port >= ports.from && port <= ports.to ? port : ports.from;
}

function sameTuple(left: Tuple, right: Tuple): boolean {
  return (
    sameAddress(left.source, right.source) &&
    sameAddress(left.destination, right.destination) &&
    left.sourcePort === right.sourcePort &&
    left.destinationPort === right.destinationPort
  );
}

/** nf_nat_used_tuple: another connection has these answers already. */
export function isTaken(
  connections: readonly Connection[],
  { original, reply, zone }: Connection,
): boolean {
  if (isIcmp(reply.protocol)) return false;
  return connections.some(
    (other) =>
      other.reply.protocol === reply.protocol &&
      sameZone(other.zone, zone, true) &&
      sameTuple(other.reply, reply) &&
      !sameTuple(other.original, original),
  );
}

/**
 * nf_nat_packet: rewrites the head as the connection's mapping says.
 *
 * @returns the new head, or undefined where nothing changes
 */
export function rewritten({ connection, reply, header }: State, side: Side): Header | undefined {
  if (!connection) return undefined;
  const mapped = (side === 'source') === reply ? connection.destinationNat : connection.sourceNat;
  if (!mapped) return undefined;
  const after = reply ? toOriginal(connection, header, side) : toReply(connection, header, side);
  return sameHeader(header, after) ? undefined : after;
}

function toReply({ reply }: Connection, header: Header, side: Side): Header {
  const { destination: source, destinationPort: sourcePort, destinationPorts } = reply;
  if (side === 'source') return { ...header, source, sourcePort, sourcePorts: destinationPorts };
  const translated = { ...header, destination: reply.source, destinationPort: reply.sourcePort };
  return isIcmp(header.protocol)
    ? { ...translated, sourcePort, sourcePorts: destinationPorts }
    : translated;
}

function toOriginal({ original }: Connection, header: Header, side: Side): Header {
  if (isIcmp(header.protocol)) {
    const sourcePort = original.sourcePort;
    return side === 'source'
      ? { ...header, source: original.destination, sourcePort }
      : { ...header, destination: original.source, sourcePort };
  }
  return side === 'source'
    ? { ...header, source: original.destination, sourcePort: original.destinationPort }
    : { ...header, destination: original.source, destinationPort: original.sourcePort };
}

/**
 * nf_nat_icmp_reply_translation: of an ICMP error both its own head and the packet that it quotes are
 * rewritten, as the other direction of the connection has them.
 *
 * @returns the new head, or undefined where nothing changes
 */
export function rewrittenError(
  { connection, reply, header }: State,
  side: Side,
): Header | undefined {
  const { inner } = header;
  if (!connection || !inner) return undefined;
  const mapped = (side === 'source') === reply ? connection.destinationNat : connection.sourceNat;
  if (!mapped) return undefined;
  const other = reply ? connection.original : connection.reply;
  const ports = !isIcmp(inner.protocol);
  const after: Header =
    side === 'source'
      ? {
          ...header,
          source: other.destination,
          inner: {
            ...inner,
            destination: other.destination,
            ...(ports && { destinationPort: other.destinationPort }),
          },
        }
      : {
          ...header,
          destination: other.source,
          inner: { ...inner, source: other.source, ...(ports && { sourcePort: other.sourcePort }) },
        };
  return sameHeader(header, after) ? undefined : after;
}

export function sameHeader(left: Header, right: Header): boolean {
  return (
    sameAddress(left.source, right.source) &&
    sameAddress(left.destination, right.destination) &&
    left.sourcePort === right.sourcePort &&
    left.sourcePorts === right.sourcePorts &&
    left.destinationPort === right.destinationPort &&
    sameInner(left.inner, right.inner)
  );
}

function sameInner(left: Header['inner'], right: Header['inner']): boolean {
  return left === right || (left !== undefined && right !== undefined && sameHeader(left, right));
}
