import { l10n } from '../../l10n';
import type { ConntrackExpression, Expression } from '../../rules/expression';
import type { AssignAction } from '../../rules/statement';
import type { Value } from '../../rules/value';
import { isIcmp } from '../conntrack/conntrack';
import { compute } from '../expression/compute';
import { formatValues } from '../expression/valueText';
import type { StatementContext } from '../match/context';
import type { State } from '../state';
import type { Effect } from './effect';
import { changeText } from './mark';

const ofPacket: ReadonlySet<Expression['kind']> = new Set(['payload', 'exthdr', 'option', 'raw']);

/** nft_meta_set_eval, nft_ct_set_eval, nft_payload_set_eval, nft_exthdr_tcp_set_eval. */
export function assign({ to, value }: AssignAction, context: StatementContext): Effect {
  // The tests that nft puts before `udp dport set 53` and does not list: of that protocol.
  if (ofPacket.has(to.kind) && compute(to, context).kind === 'fails') {
    return { kind: 'fail' };
  }
  const computed = compute(value, context);
  if (computed.kind === 'fails') return { kind: 'fail' };
  if (computed.kind === 'choice') return computed;
  // `tcp option maxseg size set rt mtu`: no rule's answer or route depends on an option of TCP.
  if (to.kind === 'option' && to.protocol === 'tcp') {
    return { kind: 'continue', text: `${to.text} set` };
  }
  const name = 'key' in to && typeof to.key === 'string' ? `${to.kind} ${to.key}` : l10n.t`it`;
  if (computed.kind !== 'values') {
    if (to.kind !== 'meta' && to.kind !== 'ct') return notKnown(name, computed.what);
    if (to.key === 'mark' || to.key === 'zone') return notKnown(name, computed.what);
    return { kind: 'continue', text: l10n.t`${name} set` };
  }
  const [given] = computed.values;
  if (!given) return { kind: 'fail' };
  switch (to.kind) {
    case 'meta':
      return setMeta(to.key, given, context.state);
    case 'ct':
      return setConntrack(to, given, context.state);
    case 'payload':
      return setPayload(`${to.protocol} ${to.field}`, to.field, given, context.state);
    default:
      return notKnown(l10n.t`it`, l10n.t`what is set`);
  }
}

function notKnown(name: string, what: string): Effect {
  const reason = l10n.t`${name} is set to something that is not known: ${what}`;
  return { kind: 'end', ending: { kind: 'UNKNOWN', reason }, text: reason };
}

function setMeta(key: string, value: Value, state: State): Effect {
  if (key !== 'mark' || value.kind !== 'number') {
    return { kind: 'continue', text: `meta ${key} ${formatValues([value])}` };
  }
  const before = state.mark;
  state.mark = value.number;
  return { kind: 'continue', text: changeText('MARK', before, state.mark) };
}

function setConntrack({ key, direction }: ConntrackExpression, value: Value, state: State): Effect {
  // nft_ct_set_zone_eval: not of what conntrack or an earlier statement has seen.
  if (key === 'zone' && value.kind === 'number' && !isSeen(state)) {
    state.template = { zone: { id: value.number, ...(direction && { direction }) } };
    // The template takes the place of notrack.
    state.tracking = 'unseen';
  }
  if (key !== 'mark' || value.kind !== 'number') {
    return { kind: 'continue', text: `ct ${key} ${formatValues([value])}` };
  }
  const { connection } = state;
  if (state.tracking !== 'tracked' || !connection) {
    return { kind: 'continue', text: l10n.t`no connection, connmark unchanged` };
  }
  state.connection = { ...connection, mark: value.number };
  return { kind: 'continue', text: changeText('CONNMARK', connection.mark, value.number) };
}

function isSeen({ tracking, template }: State): boolean {
  return tracking === 'tracked' || template !== undefined;
}

/** Addresses and ports set so are not translated back in the replies. */
function setPayload(name: string, field: string, value: Value, state: State): Effect {
  const text = l10n.t`${name} set ${formatValues([value])}`;
  const { header } = state;
  // `th dport set` leaves the checksum as it was: conntrack may not take the packet any more.
  if (name.startsWith('th ') && state.tracking === 'unseen') {
    return notKnown(name, l10n.t`whether conntrack checks checksums`);
  }
  if (value.kind === 'address') {
    if (field === 'saddr') state.header = { ...header, source: value.address };
    if (field === 'daddr') state.header = { ...header, destination: value.address };
  } else if (value.kind === 'number') {
    // Of ICMP those bytes are type, code and checksum.
    if (isIcmp(header.protocol) && /^[sd]port$/.test(field)) {
      return field === 'dport' ? { kind: 'continue', text } : notKnown(name, 'ICMP');
    }
    if (field === 'sport') {
      state.header = { ...header, sourcePort: value.number, sourcePorts: undefined };
    }
    if (field === 'dport') state.header = { ...header, destinationPort: value.number };
    if (field === 'ttl' || field === 'hoplimit') state.ttl = value.number;
    if (field === 'dscp') state.tos = (value.number << 2) | ((state.tos ?? 0) & 3);
    if (field === 'ecn') state.tos = ((state.tos ?? 0) & ~3) | value.number;
  }
  return { kind: 'continue', text };
}
