import { l10n } from '../../l10n';
import { formatAddress } from '../../address';
import type { Work } from '../../work';
import type { Environment } from '../environment';
import { leaves } from '../leaves';
import type { Leaf } from '../leaves';
import type { State } from '../state';
import type { ClientView, Path, Verdict } from '../trace';
import { answerTo, namesClient } from './answerPacket';
import { isRefusal } from './refusal';

/**
 * What the client sees of a packet that was not delivered: the answer of the node is its own packet,
 * and passes OUTPUT and POSTROUTING like any other.
 *
 * @param follow traces a packet that the node sends
 * @returns undefined for a packet that was delivered, and where no dump tells what became of it
 */
export function* clientOf(
  environment: Environment,
  state: State,
  { kind, reply }: Verdict,
  follow: (environment: Environment, state: State) => Work<Path>,
): Work<ClientView | undefined> {
  if (kind === 'ACCEPT' || kind === 'STOLEN' || kind === 'UNKNOWN') return undefined;
  const own = state.packet.inInterface === undefined;
  if (reply !== undefined && /^E[A-Z]+$/.test(reply)) {
    return { sees: 'unreachable', text: l10n.t`its socket gets ${reply} at once` };
  }
  if (reply === undefined) {
    const local = own && !state.looped ? l10n.t` (a UDP socket gets EPERM)` : '';
    return { sees: 'silence', text: l10n.t`silence: nothing is answered${local}` };
  }
  const answer = answerTo(environment, state, reply);
  if (answer.kind === 'silent') return { sees: 'silence', text: l10n.t`silence: ${answer.reason}` };
  if (answer.kind === 'open') return ifItGetsThrough(reply, answer.reason);
  const way = yield* follow(environment, answer.state);
  return { ...viewOf(state, reply, leaves(way)), way };
}

/** One view where all ways of the answer come to the same. */
function viewOf(state: State, reply: string, ways: readonly Leaf[]): ClientView {
  const views = ways.map(({ verdict }) => viewOfWay(state, reply, verdict));
  const [first] = views;
  const kinds = new Set(views.map(({ sees }) => sees));
  if (first && kinds.size === 1) return first;
  const texts = [...new Set(views.map(({ text }) => text))];
  return { sees: 'unknown', text: texts.join(l10n.t`, or `) };
}

function viewOfWay({ packet }: State, reply: string, verdict: Verdict): ClientView {
  const { kind, reason, range, final } = verdict;
  const name = nameOf(reply);
  const place = range && { range };
  if (kind === 'UNKNOWN' || kind === 'STOLEN') {
    return { ...ifItGetsThrough(reply, reason), ...place };
  }
  if (kind !== 'ACCEPT') {
    return {
      sees: 'silence',
      text: l10n.t`silence: the node's ${name} is lost (${reason})`,
      ...place,
    };
  }
  if (final && !namesClient(packet, final)) {
    const other = formatAddress((final.inner ?? final).destination);
    const text = l10n.t`silence: the node's ${name} names ${other}, which the client did not ask`;
    return { sees: 'silence', text };
  }
  return isRefusal(reply)
    ? { sees: 'refused', text: l10n.t`refused at once (${name})` }
    : { sees: 'unreachable', text: l10n.t`unreachable at once (${name})` };
}

function ifItGetsThrough(reply: string, reason: string): ClientView {
  return { sees: 'unknown', text: l10n.t`${nameOf(reply)}, if it gets through: ${reason}` };
}

/** `icmp-port-unreachable` -> `ICMP port unreachable`, `tcp-reset` -> `TCP RST`. */
function nameOf(reply: string): string {
  if (reply === 'tcp-reset') return 'TCP RST';
  return reply
    .replace(/^icmp6-/, 'ICMPv6 ')
    .replace(/^icmp-/, 'ICMP ')
    .replaceAll('-', ' ');
}
