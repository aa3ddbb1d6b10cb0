import { ofPacket } from '../facts';
import { l10n } from '../../l10n';
import type {
  FragmentMatch,
  LengthMatch,
  MacMatch,
  PacketTypeMatch,
  TosMatch,
  TtlMatch,
} from '../../rules/match';
import { isLimitedBroadcast, isMulticast } from '../../specialAddresses';
import { addressType } from '../route/addressType';
import { negate } from '../answer';
import type { Answer } from '../answer';
import type { NodeState } from '../../node';
import type { Packet } from '../../packet';
import type { State } from '../state';
import { notOfTrace } from '../undecided';
import type { StatementContext } from './context';
import { lengthOf } from '../extensions';

function open(what: string, negated: boolean): Answer {
  return negate(
    {
      condition: l10n.t`${what} holds`,
      otherwise: l10n.t`${what} does not hold`,
      unknown: notOfTrace(what.split(' ')[0]!),
      key: ofPacket(what),
    },
    negated,
  );
}

export function fragmentMatch(match: FragmentMatch, { state }: StatementContext): Answer {
  return (state.packet.fragment ?? false) !== match.negated;
}

export function lengthMatch(match: LengthMatch, { state }: StatementContext): Answer {
  const { from, to } = match.bytes;
  const length = lengthOf(state.packet);
  if (length === undefined) return open(`length ${from}:${to}`, match.negated);
  return (length >= from && length <= to) !== match.negated;
}

export function ttlMatch(match: TtlMatch, { state }: StatementContext): Answer {
  const { ttl } = state;
  if (ttl === undefined) return open(`ttl ${match.comparison} ${match.value}`, match.negated);
  const holds = {
    equal: ttl === match.value,
    less: ttl < match.value,
    greater: ttl > match.value,
  }[match.comparison];
  return holds !== match.negated;
}

export function tosMatch(match: TosMatch, { state }: StatementContext): Answer {
  const { tos } = state;
  if (tos === undefined) return open(`${match.kind} ${match.value}/${match.mask}`, match.negated);
  return ((tos & match.mask) === match.value) !== match.negated;
}

export function macMatch(match: MacMatch, { node, state }: StatementContext): Answer {
  const { sourceMac } = state.packet;
  // xt_mac.c: no header matches neither an address nor its negation.
  if (!hasLinkAddress(node, state.packet)) return false;
  if (sourceMac === undefined) return open(`MAC source ${match.address}`, match.negated);
  return (sourceMac === match.address) !== match.negated;
}

/** xt_pkttype.c. */
export function packetTypeMatch(match: PacketTypeMatch, { node, state }: StatementContext): Answer {
  const type = frameType(node, state);
  return ((type === 'host' ? 'unicast' : type) === match.type) !== match.negated;
}

/**
 * As the frame was addressed. A device without link addresses (a tunnel) and the node itself send to
 * the host; only a multicast or broadcast packet's copy for the node is told apart by its address.
 */
export function frameType(
  node: NodeState,
  { header, packet, looped, route }: State,
): 'host' | 'broadcast' | 'multicast' {
  const multicast = isMulticast(header.destination);
  const broadcast =
    isLimitedBroadcast(header.destination) || addressType(node, header.destination) === 'BROADCAST';
  const own = packet.inInterface === undefined;
  const copied = looped && (multicast || route?.kind === 'broadcast');
  const framed = own ? copied : hasLinkAddress(node, packet);
  if (!framed) return 'host';
  return multicast ? 'multicast' : broadcast ? 'broadcast' : 'host';
}

/** A packet that came in by a device whose frames have link addresses. */
export function hasLinkAddress(node: NodeState, { inInterface }: Packet): boolean {
  return inInterface !== undefined && !isTunnel(node, inInterface);
}

/** A device whose frames have no link addresses: tun, wireguard, ipip. */
function isTunnel({ interfaces }: NodeState, device: string): boolean {
  const found = interfaces?.find(({ name }) => name === device);
  return found?.flags.includes('POINTOPOINT') ?? false;
}
