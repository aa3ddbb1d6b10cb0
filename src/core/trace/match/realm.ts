import { missing } from '../../missing';
import type { RealmMatch } from '../../rules/match';
import { unknown } from '../../truth';
import { openFor } from '../answer';
import type { Answer } from '../answer';
import { undecided } from '../undecided';
import type { StatementContext } from './context';

/**
 * realm_mt (net/netfilter/xt_realm.c): the realms of the packet's route, which is 0 where no route and no
 * rule has any. IPv6 knows none.
 */
export function realmMatch(
  { value, mask, negated }: RealmMatch,
  { node, state }: StatementContext,
): Answer {
  const what = `realm ${negated ? '! ' : ''}0x${value.toString(16)}/0x${mask.toString(16)}`;
  const { routes, routingRules = [] } = node;
  if (state.header.destination.family === 4) {
    if (!routes) return openFor(unknown(missing('ip route show table all')), what, what);
    if ([...routes, ...routingRules].some(({ realms }) => realms !== undefined)) {
      return openFor(unknown(undecided('rt classid')), what, what);
    }
  }
  return (value === 0) !== negated;
}
