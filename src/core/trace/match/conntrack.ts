import { ofPacket } from '../facts';
import { l10n } from '../../l10n';
import { contains } from '../../address';
import type { Network } from '../../address';
import type { ConntrackMatch, ConntrackState, ConntrackStatus } from '../../rules/match';
import type { Interval, Negatable } from '../../rules/optionValue';
import { isUnknown } from '../../truth';
import type { Truth } from '../../truth';
import { both, negate } from '../answer';
import type { Answer } from '../answer';
import { isIcmp, typeAndCode } from '../conntrack/conntrack';
import type { Connection, Tuple } from '../conntrack/flowState';
import { portChance } from '../nat/ports';
import type { State } from '../state';
import { undecided } from '../undecided';
import type { StatementContext } from './context';
import { seenConnection } from '../conntrack/zone';

/**
 * conntrack_mt (net/netfilter/xt_conntrack.c). Without a connection the answer is the state's alone:
 * whatever else the rule asks for is not looked at, and without a state it does not match.
 */
export function conntrackMatch(match: ConntrackMatch, { state }: StatementContext): Answer {
  const connection = seenConnection(state);
  if (match.states && holdsState(state, match.states.value) === match.states.negated) return false;
  if (!connection) return match.states !== undefined;
  const { direction } = match;
  if (direction !== undefined && (direction === 'REPLY') !== state.reply) return false;
  if (!sureParts(match, connection)) return false;
  return openParts(match, connection);
}

function holdsState(state: State, states: readonly ConntrackState[]): boolean {
  const connection = seenConnection(state);
  if (state.tracking === 'untracked') return states.includes('UNTRACKED');
  if (!connection) return states.includes('INVALID');
  if (states.includes(state.template ? 'NEW' : state.ctState)) return true;
  if (connection.sourceNat && states.includes('SNAT')) return true;
  return connection.destinationNat && states.includes('DNAT');
}

function sureParts(match: ConntrackMatch, { original, reply }: Connection): boolean {
  const { protocol } = match;
  return (
    (!protocol || (protocol.value === original.protocol) !== protocol.negated) &&
    inNetwork(original.source, match.originalSource) &&
    inNetwork(original.destination, match.originalDestination) &&
    inNetwork(reply.source, match.replySource) &&
    inNetwork(reply.destination, match.replyDestination)
  );
}

function inNetwork(address: Tuple['source'], asked: Negatable<Network> | undefined): boolean {
  return !asked || contains(asked.value, address) !== asked.negated;
}

function openParts(match: ConntrackMatch, connection: Connection): Answer {
  const { original, reply, icmp } = connection;
  // An icmp tuple has the type and the code where others have the destination port.
  const id = isIcmp(original.protocol);
  const inPlace = (ofReply: boolean) => icmp && typeAndCode(original.protocol, icmp, ofReply);
  const replyPort = id ? reply.destinationPort : reply.sourcePort;
  const parts = [
    inPorts(original.sourcePort, match.originalSourcePort),
    inPorts(id ? inPlace(false) : original.destinationPort, match.originalDestinationPort),
    inPorts(replyPort, match.replySourcePort),
    id
      ? inPorts(inPlace(true), match.replyDestinationPort)
      : inPorts(reply.destinationPort, match.replyDestinationPort, reply),
    status(match.statuses, connection),
    expire(match.expire),
  ];
  return parts.reduce(both, true);
}

function inPorts(
  port: number | undefined,
  asked: Negatable<Interval> | undefined,
  tuple?: Tuple,
): Answer {
  if (!asked) return true;
  const { from, to } = asked.value;
  const chance = portChance(port, tuple?.destinationPorts, [asked.value]);
  if (chance === 0 || chance === 1) return (chance === 1) !== asked.negated;
  return negate(
    {
      condition: l10n.t`the random port is in ${from} to ${to}`,
      otherwise: l10n.t`the random port is not in ${from} to ${to}`,
      probability: chance,
      key: `random port ${from}-${to}`,
    },
    asked.negated,
  );
}

/** NONE is the empty mask: it never matches, its negation always. */
function status(
  asked: Negatable<readonly ConntrackStatus[]> | undefined,
  connection: Connection,
): Answer {
  if (!asked) return true;
  const { confirmed, seenReply, assured } = connection;
  const holds: Readonly<Record<ConntrackStatus, Truth>> = {
    NONE: false,
    EXPECTED: false,
    SEEN_REPLY: seenReply,
    ASSURED: assured,
    CONFIRMED: confirmed,
  };
  const truths = asked.value.map((name) => holds[name]);
  if (truths.includes(true)) return !asked.negated;
  const open = truths.find(isUnknown);
  if (!open) return asked.negated;
  return negate(
    {
      condition: l10n.t`the connection is assured`,
      otherwise: l10n.t`the connection is not assured`,
      unknown: open.unknown,
      key: ofPacket('assured'),
    },
    asked.negated,
  );
}

function expire(asked: ConntrackMatch['expire']): Answer {
  if (!asked) return true;
  const { from, to } = asked.value;
  return negate(
    {
      condition: l10n.t`the connection expires in ${from} to ${to} s`,
      otherwise: l10n.t`the connection does not expire in ${from} to ${to} s`,
      unknown: undecided('ct expiration'),
      key: ofPacket(`expire ${from}-${to}`),
    },
    asked.negated,
  );
}
