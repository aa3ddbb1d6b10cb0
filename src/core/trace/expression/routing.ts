import type { Address } from '../../address';
import { l10n } from '../../l10n';
import type { RoutingExpression } from '../../rules/expression';
import type { StatementContext } from '../match/context';
import { undecided } from '../undecided';
import { fails, unsure } from './computed';
import type { Computed } from './computed';

/**
 * `rt nexthop`, of a table of both families `rt ip nexthop`: the gateway of the packet's route, without
 * one its destination (nft_rt_get_eval, rt_nexthop, rt6_nexthop). Before routing the rule fails. What
 * else rt asks for (policies of IPsec, realms, the MTU of the way) no dump shows.
 */
export function routingValue(
  { key, family, text }: RoutingExpression,
  { state, table }: StatementContext,
): Computed {
  const { header, route } = state;
  const { destination } = header;
  if (key !== 'nexthop')
    return unsure(text, undecided(`rt ${key}`) ?? l10n.t`${text} is not modelled`);
  if (!route || route.kind === 'error') return fails;
  const asked = family ?? (table.family === 'ip6' ? 6 : table.family === 'ip' ? 4 : undefined);
  if (asked !== destination.family) return fails;
  if (route.kind === 'local') return address(destination);
  if (route.via) return address(route.via.family === destination.family ? route.via : destination);
  if (route.route || route.kind !== 'unicast') return address(destination);
  return unsure(text, l10n.t`the route is not known`);
}

function address(address: Address): Computed {
  return { kind: 'values', values: [{ kind: 'address', address }] };
}
