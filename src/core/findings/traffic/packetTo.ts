import { parseAddress } from '../../address';
import type { NodeState } from '../../node';
import type { Packet } from '../../packet';
import type { ServiceEntry } from '../../service';
import { arrivalOf } from '../../trace/arrival';
import { ownAddress } from '../../trace/ownAddress';

/** A client outside, of the range that no network has (RFC 5737). */
const outside = parseAddress('192.0.2.1')!;

/**
 * A packet of IPv4 to an entry of a Service: to a ClusterIP from the node itself, to all others from a
 * client outside, by the device by which such a client comes in. undefined where no dump tells the
 * node's address or that device.
 */
export function packetTo(
  node: NodeState,
  { kind, address, port }: ServiceEntry,
  protocol: number,
): Packet | undefined {
  const own = ownAddress(node, 4);
  const destination = address ?? own;
  if (destination?.family !== 4) return undefined;
  const base = { protocol, sourcePort: 40000, destination, destinationPort: port };
  if (kind === 'cluster-ip') return own && { ...base, source: own };
  const arrival = arrivalOf(node, outside);
  if (arrival.kind !== 'device') return undefined;
  return { ...base, source: outside, inInterface: arrival.device };
}
