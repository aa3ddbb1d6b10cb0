import { own } from '../../own';
import type { ExtensionHeader } from '../../packet';
import { protocolNumbers } from '../../packet';
import type { OtherSelector } from '../../rules/expression';
import { extensionsOf } from '../extensions';
import type { StatementContext } from '../match/context';
import type { State } from '../state';
import { notOfTrace } from '../undecided';
import { fails, number, unsure } from './computed';
import type { Computed } from './computed';
import { rawBits } from './rawPayload';

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

/**
 * `exthdr frag`: 1 for a header that an IPv6 packet has, else 0 (nft_exthdr_ipv6_eval). What TCP's
 * options hold is not known; the packets that are traced have none of IPv4. nft puts no test of the
 * protocol before `tcp option timestamp missing` or `sctp chunk init missing`: of another one both
 * hold, while a field of theirs fails the rule. `@th,16,16` is bits by place.
 */
export function extensionValue({ text }: OtherSelector, { state }: StatementContext): Computed {
  const [word = '', name = '', option = '', field] = text.split(' ');
  const { header } = state;
  const family = header.destination.family;
  const absent = field === undefined && !option.startsWith('@') ? number(0) : fails;
  switch (word) {
    case 'exthdr': {
      if (family !== 6) return fails;
      const has = hasExtension(name, state);
      if (has !== undefined) return number(has ? 1 : 0);
      break;
    }
    case 'ip':
      return family === 4 ? absent : fails;
    case 'tcp':
      if (header.protocol !== protocolNumbers.tcp) return absent;
      break;
    case 'sctp':
      if (header.protocol !== protocolNumbers.sctp) return absent;
      break;
  }
  const [, base = '', offset, length] = /^@(nh|th),(\d{1,4}),(\d{1,2})$/.exec(text) ?? [];
  const bits = rawBits(base, Number(offset), Number(length), state);
  if (bits !== undefined) return number(bits);
  return unsure(text, notOfTrace(text));
}
