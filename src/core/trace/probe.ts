import { parseAddress, type Address } from '../address';
import type { Packet } from '../packet';

/** Any port that no process is likely to listen on. */
export const clientPort = 40_000;

/** A client outside, of the range that no network has (RFC 5737). */
export const clientOutside = parseAddress('192.0.2.1')!;

/** Where a packet enters the node, and with which source. */
export interface EntryPlace {
  readonly source: Address;
  /** undefined for the node itself. */
  readonly device?: string | undefined;
}

/** The packet that shows how one who asks an address fares: the first of a connection, or a ping. */
export function probeOf(
  { source, device }: EntryPlace,
  protocol: number,
  destination: Address,
  destinationPort: number | 'ping',
): Packet {
  const way = { protocol, source, destination, inInterface: device };
  return destinationPort === 'ping'
    ? { ...way, sourcePort: 1 }
    : { ...way, sourcePort: clientPort, destinationPort };
}
