import { formatAddress } from '../../address';
import type { Address } from '../../address';
import type { RecentMatch } from '../../rules/match';
import { negate } from '../answer';
import type { Answer } from '../answer';
import type { RecentList } from '../flowState';
import type { State } from '../state';
import type { MatchContext } from './context';

/**
 * recent_mt (net/netfilter/xt_recent.c). The list is changed where the match is asked, before the
 * rule's target and whatever comes later. An address is looked up and stored under the list's mask.
 */
export function recentMatch(match: RecentMatch, { state }: MatchContext): Answer {
  const side = match.side === 'source' ? state.header.source : state.header.destination;
  const address = formatAddress(masked(side, match.mask));
  if (match.action === 'set') {
    hit(state, match.name, address);
    return !match.negated;
  }
  const hits = state.recent?.get(match.name)?.get(address) ?? (state.recent ? 0 : undefined);
  const known = hits ?? knownHits(state, match, address);
  if (typeof known === 'number' && !match.ttl) return decide(state, match, address, known);
  return negate(question(match, address), match.negated);
}

function decide(state: State, match: RecentMatch, address: string, hits: number): Answer {
  const found = hits > 0 && hits >= (match.hitcount ?? 0);
  const holds = found !== match.negated;
  // An entry is taken out by --remove, and touched by --update where the match holds.
  if (match.action === 'remove' && hits > 0) {
    remove(state, match.name, address);
    return !match.negated;
  }
  if (match.action === 'update' && holds && hits > 0) hit(state, match.name, address);
  return holds;
}

function question(match: RecentMatch, address: string): Answer {
  const { name, seconds, hitcount, action } = match;
  const times = hitcount !== undefined && hitcount > 1 ? ` ${hitcount} times` : '';
  const when = seconds === undefined ? '' : ` within ${seconds} s`;
  return {
    condition: `${address} is in the recent list ${name}${times}${when}`,
    otherwise: `${address} is not in the recent list ${name}${times}${when}`,
    key: `recent ${name} ${address} ${hitcount ?? 0} ${seconds ?? 0}`,
    apply: (state, holds) => {
      if (action === 'remove') remove(state, name, address);
      if (action === 'update' && holds) hit(state, name, address);
    },
  };
}

/** Of a list that is not known as a whole: what this packet or an earlier one put in or took out. */
function knownHits(state: State, match: RecentMatch, address: string): number | undefined {
  if ((match.hitcount ?? 0) > 1) return undefined;
  const fact = state.facts.get(`recent ${match.name} ${address} set`);
  return fact === undefined ? undefined : Number(fact);
}

function hit(state: State, name: string, address: string): void {
  change(state, name, address, (list) => list.set(address, (list.get(address) ?? 0) + 1));
}

function remove(state: State, name: string, address: string): void {
  change(state, name, address, (list) => list.delete(address));
}

function change(
  state: State,
  name: string,
  address: string,
  edit: (list: Map<string, number>) => void,
): void {
  if (!state.recent) {
    const list = new Map<string, number>();
    edit(list);
    state.facts = new Map(state.facts).set(`recent ${name} ${address} set`, list.size > 0);
    return;
  }
  const list = new Map<string, number>(state.recent.get(name) ?? ([] as unknown as RecentList));
  edit(list);
  state.recent = new Map(state.recent).set(name, list);
}

function masked(address: Address, mask: Address | undefined): Address {
  if (!mask || mask.family !== address.family) return address;
  const words = address.words.map((word, i) => (word & mask.words[i]!) >>> 0);
  return { family: address.family, words };
}
