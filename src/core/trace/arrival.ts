import { l10n } from '../l10n';
import { missing } from '../missing';
import { formatAddress } from '../address';
import type { Address } from '../address';
import type { NodeState } from '../node';
import { addressType } from './route/addressType';
import { knowsRoutes, lookUp } from './route/fib';

/** Where a packet with this source comes from. */
export type Arrival =
  | { readonly kind: 'node' }
  | { readonly kind: 'device'; readonly device: string; readonly assumption: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * The device by which a packet from `source` comes in: the one that the route back leaves by; none
 * for the node's own addresses. An assumption where nothing else says so, and worded as one.
 */
export function arrivalOf(node: NodeState, source: Address): Arrival {
  const text = formatAddress(source);
  if (addressType(node, source) === 'LOCAL') return { kind: 'node' };
  if (!knowsRoutes(node, source.family))
    return { kind: 'unknown', reason: missing('ip route show table all') };
  const back = lookUp(node, { destination: source, mark: 0 });
  const device = back.kind === 'route' ? back.route.nextHops[0]?.device : undefined;
  if (device === undefined)
    return { kind: 'unknown', reason: l10n.t`no route leads back to ${text}` };
  const assumption = l10n.t`${text} comes in by ${device}, by which the route back to it leaves`;
  return { kind: 'device', device, assumption };
}
