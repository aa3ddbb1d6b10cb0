import { l10n } from '../../l10n';
import type { ConntrackExpression } from '../../rules/expression';
import { conntrackStateBits, conntrackStatusBits, protocolFamilies } from '../../rules/nftNumbers';
import { isUnknown } from '../../truth';
import { isIcmp, mayBeExpected, typeAndCode } from '../conntrack/conntrack';
import { lengthOf } from '../extensions';
import type { Connection, Tuple } from '../conntrack/flowState';
import type { StatementContext } from '../match/context';
import type { State } from '../state';
import { fails, number, unsure } from './computed';
import type { Computed } from './computed';
import { undecided } from '../undecided';
import { seenConnection } from '../conntrack/zone';

/** IPS_SRC_NAT_DONE, IPS_DST_NAT_DONE: nat was asked. */
const sourceDone = 128;
const destinationDone = 256;

/**
 * nft_ct_get_eval (net/netfilter/nft_ct.c): without a connection only the state has a value, and the
 * template of a zone is none.
 */
export function conntrackValue(
  expression: ConntrackExpression,
  { state }: StatementContext,
): Computed {
  const { key } = expression;
  if (key === 'state') return number(stateBit(state));
  const { connection, tracking } = state;
  if (tracking !== 'tracked' || !connection) return fails;
  switch (key) {
    case 'mark':
      return number(connection.mark);
    case 'status':
      return status(connection);
    case 'direction':
      return number(state.reply ? 1 : 0);
    case 'zone':
      return number(zoneNumber(connection, expression.direction));
    case 'helper':
      return mayBeExpected(state) ? unmodelled(key) : fails;
    case 'l3proto':
      return number(
        connection.original.source.family === 4 ? protocolFamilies.ipv4 : protocolFamilies.ipv6,
      );
    case 'packets':
    case 'bytes':
    case 'avgpkt':
      return counted(expression, state, connection);
    default:
      return tupleField(expression, state, connection);
  }
}

/** The zone's number: of a direction that is not its own 0. */
function zoneNumber({ zone }: Connection, direction: ConntrackExpression['direction']): number {
  if (!zone) return 0;
  return direction ? zone[direction] : Math.max(zone.original, zone.reply);
}

function stateBit(state: State): number {
  const { tracking, template, ctState } = state;
  if (tracking === 'untracked') return conntrackStateBits.untracked;
  if (!seenConnection(state)) return conntrackStateBits.invalid;
  if (template) return conntrackStateBits.new;
  switch (ctState) {
    case 'ESTABLISHED':
      return conntrackStateBits.established;
    case 'RELATED':
      return conntrackStateBits.related;
    default:
      return conntrackStateBits.new;
  }
}

function status(connection: Connection): Computed {
  const { confirmed, seenReply, assured, sourceNat, destinationNat } = connection;
  if (isUnknown(assured)) return unsure(l10n.t`whether the connection is assured`, assured.unknown);
  const bits = conntrackStatusBits;
  return number(
    (seenReply ? bits['seen-reply'] : 0) |
      (assured ? bits.assured : 0) |
      (confirmed ? bits.confirmed : 0) |
      (sourceNat ? bits.snat : 0) |
      (destinationNat ? bits.dnat : 0) |
      (connection.sourceDone ? sourceDone : 0) |
      (connection.destinationDone ? destinationDone : 0),
  );
}

/**
 * A rule that asks makes the kernel count (nft_ct_get_init): of a connection that this packet opens it
 * alone. What an older one has carried, and since when it is counted, no rule tells.
 */
function counted(
  { key, direction }: ConntrackExpression,
  { packet, ctState, reply }: State,
  { confirmed }: Connection,
): Computed {
  if (confirmed || reply || ctState !== 'NEW') {
    return unsure(`ct ${key}`, undecided(`ct ${key}`));
  }
  if (direction === 'reply') return number(0);
  if (key === 'packets') return number(1);
  const length = lengthOf(packet);
  return length === undefined ? unsure(`ct ${key}`) : number(length);
}

function tupleField(
  { key, direction, family }: ConntrackExpression,
  state: State,
  connection: Connection,
): Computed {
  const reply = direction === undefined ? state.reply : direction === 'reply';
  const tuple = reply ? connection.reply : connection.original;
  if (family !== undefined && tuple.source.family !== family) return fails;
  switch (key) {
    case 'protocol':
      return number(tuple.protocol);
    case 'saddr':
      return { kind: 'values', values: [{ kind: 'address', address: tuple.source }] };
    case 'daddr':
      return { kind: 'values', values: [{ kind: 'address', address: tuple.destination }] };
    case 'proto-src':
      return port(icmpPort(tuple, connection, reply, 'source') ?? tuple.sourcePort);
    case 'proto-dst': {
      const { destinationPorts } = tuple;
      if (!destinationPorts) {
        return port(icmpPort(tuple, connection, reply, 'destination') ?? tuple.destinationPort);
      }
      const what = l10n.t`the random port of the replies`;
      return { kind: 'chance', what, among: destinationPorts, even: true, of: number };
    }
    default:
      return unmodelled(key);
  }
}

function unmodelled(key: string): Computed {
  return unsure(`ct ${key}`, undecided(`ct ${key}`) ?? l10n.t`ct ${key} is not modelled`);
}

/** An icmp tuple has the id on the source side, type and code where others have the destination port. */
function icmpPort(
  tuple: Tuple,
  { icmp }: Connection,
  reply: boolean,
  side: 'source' | 'destination',
): number | undefined {
  if (!isIcmp(tuple.protocol) || !icmp) return undefined;
  if (side === 'source') return reply ? tuple.destinationPort : tuple.sourcePort;
  return typeAndCode(tuple.protocol, icmp, reply);
}

function port(value: number | undefined): Computed {
  return value === undefined ? unsure(l10n.t`the port of the connection`) : number(value);
}
