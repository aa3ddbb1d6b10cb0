import { l10n } from '../../l10n';
import { formatAddress } from '../../address';
import type { Address } from '../../address';
import type { RecentMatch } from '../../rules/match';
import { negate } from '../answer';
import type { Answer } from '../answer';
import { forget, remember, remembered } from '../memory';
import type { State } from '../state';
import type { StatementContext } from './context';

/**
 * recent_mt (net/netfilter/xt_recent.c). The list is changed where the match is asked, before the
 * rule's target and whatever comes later. An address is looked up and stored under the list's mask.
 */
export function recentMatch(match: RecentMatch, { state }: StatementContext): Answer {
  const side = match.side === 'source' ? state.header.source : state.header.destination;
  const address = formatAddress(masked(side, match.mask));
  const list = `recent ${match.name}`;
  if (match.action === 'set') {
    remember(state, list, address);
    return !match.negated;
  }
  const hits = remembered(state, list, address) ?? (state.lists ? 0 : undefined);
  // Of a list that is not known as a whole only that this packet is in it, not how often others are.
  const known = state.lists || (match.hitcount ?? 0) <= 1 ? hits : undefined;
  if (typeof known === 'number' && !match.ttl) return decide(state, match, address, known);
  return negate(question(match, address), match.negated);
}

function decide(state: State, match: RecentMatch, address: string, hits: number): Answer {
  const found = hits > 0 && hits >= (match.hitcount ?? 0);
  const holds = found !== match.negated;
  // An entry is taken out by --remove, and touched by --update where the match holds.
  if (match.action === 'remove' && hits > 0) {
    forget(state, `recent ${match.name}`, address);
    return !match.negated;
  }
  if (match.action === 'update' && holds && hits > 0)
    remember(state, `recent ${match.name}`, address);
  return holds;
}

function question(match: RecentMatch, address: string): Answer {
  const { name, seconds, hitcount, action, ttl } = match;
  const times = hitcount !== undefined && hitcount > 1 ? l10n.t` ${hitcount} times` : '';
  const when = seconds === undefined ? '' : l10n.t` within ${seconds} s`;
  return {
    condition: l10n.t`${address} is in the recent list ${name}${times}${when}`,
    otherwise: l10n.t`${address} is not in the recent list ${name}${times}${when}`,
    key: `recent ${name} ${address} ${hitcount ?? 0} ${seconds ?? 0}`,
    apply: (state, holds) => {
      if (action === 'remove') forget(state, `recent ${name}`, address);
      if (action === 'update' && holds) remember(state, `recent ${name}`, address);
      // Whoever is not in it at all, was not in it of late either.
      const atAll = seconds === undefined && times === '' && !ttl;
      if (!holds && atAll) forget(state, `recent ${name}`, address);
    },
  };
}

function masked(address: Address, mask: Address | undefined): Address {
  if (!mask || mask.family !== address.family) return address;
  const words = address.words.map((word, i) => (word & mask.words[i]!) >>> 0);
  return { family: address.family, words };
}
