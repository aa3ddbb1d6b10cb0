import type { Address } from '../../address';
import type { NodeState } from '../../node';
import { masqueradeAddress } from './deviceAddress';
import { lookUp } from './fib';
import { sourceAddress6 } from './sourceAddress6';

/**
 * The source that the kernel gives a socket of the node that is bound to none: the route's `src`, for
 * an address of the node itself that address, else the device's (fib_select_default, __ip_route_output_key).
 *
 * @returns undefined where no route leads there or no dump tells
 */
export function socketSource(node: NodeState, destination: Address): Address | undefined {
  if (!node.routes) return undefined;
  const found = lookUp(node, { destination, mark: 0 });
  if (found.kind !== 'route') return undefined;
  const { source, type } = found.route;
  if (source) return source;
  if (type === 'local') return destination;
  const [hop] = found.hops;
  const own =
    destination.family === 6
      ? sourceAddress6(node, hop?.device, destination)
      : masqueradeAddress(node, hop?.device, hop?.via ?? destination);
  return own === 'unknown' ? undefined : own;
}
