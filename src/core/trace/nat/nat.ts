import { l10n } from '../../l10n';
import { sameAddress } from '../../address';
import { isIcmp } from '../conntrack/conntrack';
import type { Connection } from '../conntrack/flowState';
import type { HookRun, State } from '../state';
import type { Header, Hook } from '../trace';

/** What a hook's nat rewrites (HOOK2MANIP). */
export type Side = 'source' | 'destination';

export function sideOf(hook: Hook): Side {
  return hook === 'prerouting' || hook === 'output' ? 'destination' : 'source';
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

/**
 * nf_nat_oif_changed (net/netfilter/nf_nat_core.c): what MASQUERADE gave the address of one device may
 * not leave by another, as where a mark that only nat sets leads the first packet to another table.
 */
export function movedAway(
  { connection, reply }: State,
  { hook, outDevice }: HookRun,
): string | undefined {
  const by = connection?.masqueradedBy;
  if (hook !== 'postrouting' || reply || by === undefined || !outDevice) return undefined;
  if (by === outDevice) return undefined;
  return l10n.t`conntrack forgets the connection: MASQUERADE took the address of ${by}, and now it leaves by ${outDevice}`;
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
