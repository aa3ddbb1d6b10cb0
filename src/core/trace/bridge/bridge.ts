import { l10n } from '../../l10n';
import type { NodeState } from '../../node';
import type { Packet } from '../../packet';
import { addressType } from '../route/addressType';
import { bridgeSysctl, portsOf } from './bridgePort';
import { knowsRoutes, lookUp } from '../route/fib';

/** What a bridge does with a packet between two of its ports. */
export type Bridging =
  /** Handed to the IP layer, or not on a bridge at all. */
  | { readonly kind: 'routed' }
  /** Switched past all rules. */
  | { readonly kind: 'switched'; readonly effect: string }
  /** Switched, with iptables called on the way (br_netfilter). */
  | { readonly kind: 'filtered'; readonly assumption?: string };

/**
 * A packet from one pod to another on the same bridge is switched, not routed; whether rules see it
 * is up to br_netfilter. A device is known as a bridge by its ports (`master` of others).
 */
export function bridging(node: NodeState, packet: Packet): Bridging {
  const { inInterface: device, destination } = packet;
  if (device === undefined || !knowsRoutes(node, destination.family)) return { kind: 'routed' };
  if ((portsOf(node, device) ?? []).length === 0) return { kind: 'routed' };
  if (addressType(node, destination) === 'LOCAL') return { kind: 'routed' };
  const way = lookUp(node, { destination, mark: 0 });
  const [next] = way.kind === 'route' ? way.route.nextHops : [];
  if (next?.device !== device || next.via) return { kind: 'routed' };
  const name = bridgeSysctl(destination.family);
  const value = node.sysctls?.get(name);
  if (value === '0') {
    return {
      kind: 'switched',
      effect: l10n.t`${device} switches it, past all rules: ${name} is 0`,
    };
  }
  if (value !== undefined) return { kind: 'filtered' };
  const assumption = l10n.t`${name} is 1: rules see what ${device} switches from pod to pod`;
  return { kind: 'filtered', assumption };
}
