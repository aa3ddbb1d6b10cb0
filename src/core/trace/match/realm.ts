import { hex } from '../../hex';
import { missing } from '../../missing';
import type { RealmMatch } from '../../rules/match';
import { unknown } from '../../truth';
import { negate, openFor } from '../answer';
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
  const what = `realm ${hex(value)}/${hex(mask)}`;
  const open = (why: string) => negate(openFor(unknown(why), what, what), negated);
  const { routes, routingRules = [] } = node;
  if (state.header.destination.family === 4) {
    if (!routes) return open(missing('ip route show table all'));
    if ([...routes, ...routingRules].some(({ realms }) => realms !== undefined)) {
      return open(undecided('rt classid'));
    }
  }
  return (value === 0) !== negated;
}
