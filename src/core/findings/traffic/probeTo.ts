import type { NodeState } from '../../node';
import type { Packet } from '../../packet';
import type { ServiceEntry } from '../../service';
import { arrivalOf } from '../../trace/arrival';
import { ownAddress } from '../../trace/route/ownAddress';
import { clientOutside, probeOf } from '../../trace/probe';

/**
 * A packet of IPv4 to an entry of a Service: to a ClusterIP from the node itself, to all others from a
 * client outside, by the device by which such a client comes in. undefined where no dump tells the
 * node's address or that device.
 */
export function probeTo(
  node: NodeState,
  { kind, address, port }: ServiceEntry,
  protocol: number,
): Packet | undefined {
  const own = ownAddress(node, 4);
  const destination = address ?? own;
  if (destination?.family !== 4) return undefined;
  if (kind === 'cluster-ip') return own && probeOf({ source: own }, protocol, destination, port);
  const arrival = arrivalOf(node, clientOutside);
  if (arrival.kind !== 'device') return undefined;
  return probeOf({ source: clientOutside, device: arrival.device }, protocol, destination, port);
}
