import type { Address } from '../../address';
import type { ConntrackZone } from '../../connections';
import type { ZoneChoice } from '../../rules/target';
import { unconfirmed } from './flowState';
import type { Connection } from './flowState';
import type { State } from '../state';

const noZone: ConntrackZone = { original: 0, reply: 0 };

/** nf_ct_zone_tmpl: the zone that a rule has given, by the packet's mark when conntrack sees it. */
export function chosenZone(choice: ZoneChoice | undefined, mark: number): ConntrackZone {
  if (!choice) return noZone;
  const { id, direction } = choice;
  const number = (id === 'mark' ? mark : id) & 0xffff;
  return {
    original: direction === 'reply' ? 0 : number,
    reply: direction === 'original' ? 0 : number,
  };
}

/** The number of the zone, be it of one direction alone. */
export function zoneNumber({ original, reply }: ConntrackZone = noZone): number {
  return original === 0 ? reply : original;
}

/** nf_ct_zone_equal: whether two have one zone in a direction. */
export function sameZone(
  left: ConntrackZone = noZone,
  right: ConntrackZone = noZone,
  reply: boolean,
): boolean {
  return reply ? left.reply === right.reply : left.original === right.original;
}

/**
 * nf_ct_get: the connection that rules of iptables see. Before conntrack it is the template of a zone, which is
 * NEW and has neither addresses nor ports.
 */
export function seenConnection(state: State): Connection | undefined {
  const { tracking, connection, template, header } = state;
  if (tracking === 'tracked') return connection;
  if (!template) return undefined;
  const { family } = header.destination;
  const none: Address = { family, words: family === 4 ? [0] : [0, 0, 0, 0] };
  const tuple = { protocol: 0, source: none, destination: none };
  return { ...unconfirmed, original: tuple, reply: tuple, confirmed: true };
}
