import { own } from '../../own';
import type { ExtensionHeader } from '../../packet';
import { protocolNumbers } from '../../packet';
import type { ExtensionHeaderExpression, OptionExpression } from '../../rules/expression';
import { extensionsOf } from '../extensions';
import type { StatementContext } from '../match/context';
import type { State } from '../state';
import { notOfTrace } from '../undecided';
import { fails, number, unsure } from './computed';
import type { Computed } from './computed';

const kinds: Readonly<Record<string, ExtensionHeader['kind']>> = {
  hbh: 'hop-by-hop',
  dst: 'destination',
  rt: 'routing',
  frag: 'fragment',
};

/** Whether an IPv6 packet has the header that nft calls so; undefined of what is none of those. */
export function hasExtension(name: string, state: State): boolean | undefined {
  if (name === 'mh') return state.header.protocol === protocolNumbers.mobility;
  const kind = own(kinds, name);
  return kind && extensionsOf(state).some((one) => one.kind === kind);
}

/** `exthdr frag`: 1 for a header that an IPv6 packet has, else 0 (nft_exthdr_ipv6_eval). */
export function extensionHeader(
  { name, text }: ExtensionHeaderExpression,
  { state }: StatementContext,
): Computed {
  if (state.header.destination.family !== 6) return fails;
  const has = hasExtension(name, state);
  return has === undefined ? unsure(text, notOfTrace(text)) : number(has ? 1 : 0);
}

/**
 * What TCP's options hold is not known; the packets that are traced have none of IPv4. nft puts no test
 * of the protocol before `tcp option timestamp missing` or `sctp chunk init missing`: of another one both
 * hold, while a field of theirs fails the rule.
 */
export function optionValue(
  { protocol, presence, text }: OptionExpression,
  { state: { header } }: StatementContext,
): Computed {
  const absent = presence ? number(0) : fails;
  if (protocol === 'ip') return header.destination.family === 4 ? absent : fails;
  if (protocol !== 'dccp' && header.protocol !== protocolNumbers[protocol]) return absent;
  return unsure(text, notOfTrace(text));
}
