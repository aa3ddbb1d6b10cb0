import { isBetween, sameAddress } from '../../address';
import type { Address } from '../../address';
import type { Interval } from '../../rules/optionValue';
import { addressInRange } from './addressChoice';
import { isIcmp } from '../conntrack/conntrack';
import type { Connection, Tuple } from '../conntrack/flowState';
import type { Side } from './nat';
import { outside, withPorts } from './ports';
import { sameZone } from '../conntrack/zone';

/** struct nf_nat_range2, as far as rules set it. */
export interface NatRange {
  /** Undefined: the address stays. */
  readonly addresses?: { readonly from: Address; readonly to: Address };
  readonly ports?: Interval;
  /** `a:1-9/BASE`: the port is shifted by its distance from BASE. */
  readonly portBase?: number;
  /** --random, --random-fully. */
  readonly random: boolean;
  /** --persistent: the address goes by the source alone. */
  readonly persistent?: boolean;
}

/**
 * nf_nat_setup_info for a connection's first packet: what the other direction will look like, by
 * get_unique_tuple (net/netfilter/nf_nat_core.c) one that no other connection has.
 */
export function bind(
  connection: Connection,
  side: Side,
  range: NatRange,
  others: readonly Connection[] = [],
): Connection {
  const { reply } = connection;
  const tuple = side === 'source' ? sourceOf(connection, range, others) : undefined;
  const chosen =
    tuple ?? unique(withAddress(connection, side, range), side, range, connection, others);
  const changed = chosen.destinationPorts !== reply.destinationPorts || !sameTuple(chosen, reply);
  return side === 'source'
    ? {
        ...connection,
        reply: chosen,
        sourceDone: true,
        sourceNat: connection.sourceNat || changed,
      }
    : {
        ...connection,
        reply: chosen,
        destinationDone: true,
        destinationNat: connection.destinationNat || changed,
      };
}

/**
 * The source as it is, where the range has it; else the one that an earlier connection of the same sender
 * got (find_appropriate_src). Undefined where neither will do.
 */
function sourceOf(
  connection: Connection,
  range: NatRange,
  others: readonly Connection[],
): Tuple | undefined {
  if (range.random) return undefined;
  const { reply, zone } = connection;
  const earlier = () =>
    others.find(
      (other) =>
        other.sourceDone &&
        sameZone(other.zone, zone, false) &&
        isFrom(other.original, reply) &&
        isIn(other.reply, range),
    );
  const found = isIn(reply, range) ? reply : earlier()?.reply;
  if (!found) return undefined;
  const { destination, destinationPort, destinationPorts } = found;
  const tuple: Tuple = { ...reply, destination, destinationPort, destinationPorts };
  // nf_nat_used_tuple_new: as it is, it may be the other direction of one without NAT.
  const asked =
    found === reply
      ? others.filter((other) => hasNat(other) || !isOpenedBy(other, tuple, zone))
      : others;
  return isTaken(tuple, connection, asked) ? undefined : tuple;
}

function hasNat({ sourceNat, destinationNat }: Connection): boolean {
  return sourceNat || destinationNat;
}

/** same_src: whether a connection was opened by whom another one's answers go to. */
function isFrom(original: Tuple, { protocol, destination, destinationPort }: Tuple): boolean {
  return (
    original.protocol === protocol &&
    (destinationPort !== undefined || !hasNumber(protocol)) &&
    original.sourcePort === destinationPort &&
    sameAddress(original.source, destination)
  );
}

/** nf_in_range, of whom the answers go to. */
function isIn(
  { protocol, destination, destinationPort: port, destinationPorts }: Tuple,
  { addresses, ports }: NatRange,
): boolean {
  if (addresses && !isBetween(destination, addresses)) return false;
  if (!ports || !hasNumber(protocol)) return true;
  if (port !== undefined) return isWithin(port, ports);
  return destinationPorts?.every(({ from, to }) => from >= ports.from && to <= ports.to) ?? true;
}

/** find_best_ips_proto. */
function withAddress(connection: Connection, side: Side, range: NatRange): Tuple {
  const { reply } = connection;
  if (!range.addresses) return reply;
  const { from, to } = range.addresses;
  const address = addressInRange(connection, side, from, to, range.persistent === true);
  return side === 'source' ? { ...reply, destination: address } : { ...reply, source: address };
}

/** The port, or an icmp packet's id, that the range asks for and no other connection has. */
function unique(
  tuple: Tuple,
  side: Side,
  { ports, portBase, random }: NatRange,
  connection: Connection,
  others: readonly Connection[],
): Tuple {
  const { protocol } = tuple;
  const key = side === 'source' || isIcmp(protocol) ? 'destinationPort' : 'sourcePort';
  const number = tuple[key];
  if (!hasNumber(protocol) || number === undefined) return tuple;
  const taken = (one: Tuple) => isTaken(one, connection, others);
  if (!random && portBase === undefined) {
    const fits = !ports || isWithin(number, ports);
    const isOnly = ports !== undefined && ports.from === ports.to;
    if (fits && (isOnly || !taken(tuple))) return tuple;
  }
  if (!ports && side === 'destination' && !isIcmp(protocol)) return tuple;
  const among = ports ?? chosenAmong(protocol, number);
  // Of a destination's random port each is a branch of its own, which asks for it alone.
  if (key === 'destinationPort' && (side === 'source' || random)) {
    return atRandom(tuple, among, connection, others);
  }
  return firstFree(tuple, key, among, portBase === undefined ? 0 : number - portBase, taken);
}

/** One after the other from a distance to the first, which is counted in 16 bits. */
function firstFree(
  tuple: Tuple,
  key: 'sourcePort' | 'destinationPort',
  { from, to }: Interval,
  distance: number,
  taken: (tuple: Tuple) => boolean,
): Tuple {
  const size = to - from + 1;
  const at = (i: number): Tuple => ({ ...tuple, [key]: from + (((distance + i) & 0xffff) % size) });
  const attempts = Math.min(size, mostAttempts);
  for (let i = 0; i < attempts; i++) {
    const one = at(i);
    if (!taken(one)) return one;
  }
  return at(attempts - 1);
}

/** NF_NAT_MAX_ATTEMPTS. */
const mostAttempts = 128;

/** Any number but those that other connections have, of which there may be tens of thousands. */
function atRandom(
  tuple: Tuple,
  among: Interval,
  connection: Connection,
  others: readonly Connection[],
): Tuple {
  const taken = new Set<number>();
  for (const other of others) {
    for (const { destinationPort: port } of [other.reply, other.original]) {
      if (port === undefined || taken.has(port)) continue;
      if (isTaken({ ...tuple, destinationPort: port }, connection, [other])) taken.add(port);
    }
  }
  const inOrder = [...taken].sort((left, right) => left - right);
  const free = outside(
    [among],
    inOrder.map((port) => ({ from: port, to: port })),
  );
  const [first = among, second] = free;
  if (!second && first.from === first.to) return { ...tuple, destinationPort: first.from };
  const destinationPorts = free.length === 0 ? [among] : free;
  return { ...tuple, destinationPort: undefined, destinationPorts };
}

/** Ports below 512, 1024 stay among their like ("loose convention"); an icmp id is any number. */
function chosenAmong(protocol: number, port: number): Interval {
  if (isIcmp(protocol)) return { from: 0, to: 65535 };
  if (port < 512) return { from: 1, to: 511 };
  return port < 1024 ? { from: 600, to: 1023 } : { from: 1024, to: 65535 };
}

function hasNumber(protocol: number): boolean {
  return isIcmp(protocol) || withPorts.includes(protocol);
}

function isWithin(port: number, { from, to }: Interval): boolean {
  return port >= from && port <= to;
}

/** nf_nat_used_tuple: packets of another connection, of either direction, look like these answers already. */
export function isTaken(
  tuple: Tuple,
  { original, zone, icmp }: Connection,
  others: readonly Connection[],
): boolean {
  const { protocol, sourcePort, destinationPort } = tuple;
  // A port that is not known, or the kernel's choice among many.
  if (hasNumber(protocol) && destinationPort === undefined) return false;
  if (withPorts.includes(protocol) && sourcePort === undefined) return false;
  return others.some((other) => {
    if (sameTuple(other.original, original)) return false;
    if (isOpenedBy(other, tuple, zone)) return true;
    return (
      sameZone(other.zone, zone, true) &&
      other.icmp?.type === icmp?.type &&
      other.icmp?.code === icmp?.code &&
      sameTuple(other.reply, tuple)
    );
  });
}

/** A packet like it opened the connection, which only zones allow; no answer to a ping opens one. */
function isOpenedBy(
  { original, zone }: Connection,
  tuple: Tuple,
  own: Connection['zone'],
): boolean {
  return !isIcmp(tuple.protocol) && sameZone(zone, own, false) && sameTuple(original, tuple);
}

export function sameTuple(left: Tuple, right: Tuple): boolean {
  return (
    left.protocol === right.protocol &&
    sameAddress(left.source, right.source) &&
    sameAddress(left.destination, right.destination) &&
    left.sourcePort === right.sourcePort &&
    left.destinationPort === right.destinationPort
  );
}
