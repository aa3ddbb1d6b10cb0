import { l10n } from '../../l10n';
import { own } from '../../own';
import type { ExtensionHeader } from '../../packet';
import { protocolNumbers } from '../../packet';
import type { OtherSelector } from '../../rules/expression';
import { extensionsOf } from '../extensions';
import type { StatementContext } from '../match/context';
import { fails, number, unsure } from './computed';
import type { Computed } from './computed';
import { rawBits } from './rawPayload';

const kinds: Readonly<Record<string, ExtensionHeader['kind']>> = {
  hbh: 'hop-by-hop',
  dst: 'destination',
  rt: 'routing',
  frag: 'fragment',
};

/**
 * `exthdr frag`: 1 for a header that an IPv6 packet has, else 0 (nft_exthdr_ipv6_eval). The options of
 * other protocols are not known; without that protocol the rule fails. Only `sctp chunk init missing`
 * is true of what is no SCTP: nft puts no test of the protocol before it. `@th,16,16` is bits by place.
 */
export function extensionValue({ text }: OtherSelector, { state }: StatementContext): Computed {
  const [word, name = '', , field] = text.split(' ');
  const { header } = state;
  const family = header.destination.family;
  if (word === 'exthdr') {
    if (family !== 6) return fails;
    if (name === 'mh') return number(header.protocol === protocolNumbers.mobility ? 1 : 0);
    const kind = own(kinds, name);
    if (kind) return number(extensionsOf(state).some((one) => one.kind === kind) ? 1 : 0);
  }
  if (word === 'ip' && family !== 4) return fails;
  if (word === 'tcp' && header.protocol !== protocolNumbers.tcp) return fails;
  if (word === 'sctp' && header.protocol !== protocolNumbers.sctp) {
    return field === undefined ? number(0) : fails;
  }
  const [, base = '', offset, length] = /^@(nh|th),(\d{1,4}),(\d{1,2})$/.exec(text) ?? [];
  const bits = rawBits(base, Number(offset), Number(length), state);
  if (bits !== undefined) return number(bits);
  return unsure(text, l10n.t`${text} is not known`);
}
