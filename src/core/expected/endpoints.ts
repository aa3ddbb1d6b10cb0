import { formatAddress, parseAddress, type Family } from '../address';
import type { EndpointSliceObject } from '../objects/types';
import { formatEndpoint } from '../kubeproxy/names';

/** An endpoint of a Service port as kube-proxy keeps it. */
export interface Endpoint {
  /** `10.244.0.3`, `fd00::3`. */
  readonly address: string;
  readonly port: number;
  /** `10.244.0.3:3000`, `[fd00::3]:3000`: kube-proxy's order and hashes are by it. */
  readonly text: string;
  readonly local: boolean;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly forZones: readonly string[];
  readonly forNodes: readonly string[];
}

/**
 * The endpoints of one Service port, by their text. Ports without a name match the Service's
 * unnamed port; conditions that are not set are true, but for `terminating`. Of two slices with one
 * endpoint, that which says it is this node's counts, else the last one.
 */
export function endpointsOf(
  slices: readonly EndpointSliceObject[],
  port: { readonly name: string; readonly protocol: string },
  family: Family,
  nodeName: string,
): readonly Endpoint[] {
  const found = new Map<string, Endpoint>();
  for (const { addressType, ports, endpoints } of slices) {
    if (addressType !== `IPv${family}`) continue;
    for (const { name, protocol, port: number } of ports) {
      if (name !== port.name || protocol !== port.protocol || !number) continue;
      for (const { addresses, ready, serving, terminating, ...rest } of endpoints) {
        const address = canonicalAddress(addresses[0] ?? '', family);
        if (address === undefined) continue;
        const text = formatEndpoint(address, number);
        const local = rest.nodeName === nodeName;
        if (found.has(text) && !local) continue;
        found.set(text, {
          address,
          port: number,
          text,
          local,
          ready: ready !== false,
          serving: serving !== false,
          terminating: terminating === true,
          forZones: rest.forZones,
          forNodes: rest.forNodes,
        });
      }
    }
  }
  return [...found.values()].sort(byText);
}

/** One spelling; the usual one of IPv4 is it already, and there may be 50,000 of them. */
function canonicalAddress(text: string, family: Family): string | undefined {
  if (family === 4 && plainIpv4.test(text)) return text;
  const address = parseAddress(text);
  return address?.family === family ? formatAddress(address) : undefined;
}

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const plainIpv4 = new RegExp(`^${octet}\\.${octet}\\.${octet}\\.${octet}$`);

/** Go compares texts byte by byte; these are ASCII. */
function byText({ text: left }: Endpoint, { text: right }: Endpoint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
