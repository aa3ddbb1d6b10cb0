import { parseAddress, type Family } from '../address';
import type { EndpointSliceObject } from './types';
import { withPort } from '../trace/headerText';

/** One endpoint of a Service port as its EndpointSlices have it. */
export interface SliceEndpoint {
  /** `10.244.1.5:8080`. */
  readonly address: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly nodeName: string | undefined;
  readonly forZones: readonly string[];
  readonly forNodes: readonly string[];
}

/**
 * The endpoints of one Service port and family, in the order of their slices. Of an endpoint's
 * addresses kube-proxy takes the first (pkg/proxy/endpointslicecache.go); of one that two slices
 * have, that which is ready. Conditions that are not set count as true, but for `terminating`.
 */
export function sliceEndpoints(
  slices: readonly EndpointSliceObject[],
  port: { readonly name: string; readonly protocol: string },
  family: Family,
): readonly SliceEndpoint[] {
  const found = new Map<string, SliceEndpoint>();
  for (const { addressType, ports, endpoints } of slices) {
    if (addressType !== `IPv${family}`) continue;
    const numbers = ports.filter(
      ({ name, protocol }) => name === port.name && protocol === port.protocol,
    );
    for (const { port: number } of numbers) {
      if (number === undefined) continue;
      for (const endpoint of endpoints) {
        const host = parseAddress(endpoint.addresses[0] ?? '');
        if (!host) continue;
        const address = withPort(host, number);
        const { ready, serving, terminating, nodeName, forZones, forNodes } = endpoint;
        if (found.get(address)?.ready) continue;
        found.set(address, {
          address,
          ready: ready !== false,
          serving: serving !== false,
          terminating: terminating === true,
          nodeName,
          forZones,
          forNodes,
        });
      }
    }
  }
  return [...found.values()];
}
