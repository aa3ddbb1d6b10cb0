import { protocolNumbers } from '../../packet';
import type { Interval } from '../../rules/optionValue';
import type { State } from '../state';

const { tcp, udp, sctp, udplite } = protocolNumbers;
const dccp = 33;

/** The protocols whose ports NAT and the routing rules know. */
export const withPorts: readonly number[] = [tcp, udp, sctp, udplite, dccp];

/**
 * Does a port, known or chosen at random among `ports`, lie in one of the intervals? A number strictly
 * between 0 and 1 is the chance of a port that the kernel chooses; what has no port has port 0.
 */
export function portChance(
  port: number | undefined,
  ports: readonly Interval[] | undefined,
  intervals: readonly Interval[],
): number {
  if (port === undefined && ports) {
    const all = size(ports);
    return (all - size(intervals.reduce(without, ports))) / all;
  }
  return intervals.some(({ from, to }) => (port ?? 0) >= from && (port ?? 0) <= to) ? 1 : 0;
}

/** The part of a random port's choices that lies in `interval`. */
export function within(ports: readonly Interval[], interval: Interval): readonly Interval[] {
  return ports.flatMap(({ from, to }) => {
    const part = { from: Math.max(from, interval.from), to: Math.min(to, interval.to) };
    return part.from <= part.to ? [part] : [];
  });
}

/** The part that lies outside of it. */
export function without(ports: readonly Interval[], interval: Interval): readonly Interval[] {
  return outside(ports, [interval]);
}

/** The part that lies outside of others, in one pass: both are in order and do not overlap. */
export function outside(
  ports: readonly Interval[],
  others: readonly Interval[],
): readonly Interval[] {
  const rest: Interval[] = [];
  let at = 0;
  for (const { from, to } of ports) {
    let next = from;
    for (let other = others[at]; other && other.from <= to; other = others[++at]) {
      if (other.from > next) rest.push({ from: next, to: other.from - 1 });
      next = Math.max(next, other.to + 1);
      if (other.to > to) break;
    }
    if (next <= to) rest.push({ from: next, to });
  }
  return rest;
}

function size(ports: readonly Interval[]): number {
  return ports.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** Narrows the ports that a packet's random source port may be, in the connection too. */
export function setSourcePorts(state: State, sourcePorts: readonly Interval[]): void {
  state.header = { ...state.header, sourcePorts };
  const { connection } = state;
  if (!connection) return;
  const reply = { ...connection.reply, destinationPorts: sourcePorts };
  state.connection = { ...connection, reply };
}
