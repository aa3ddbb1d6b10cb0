import type { Family } from '../address';
import { portEndpoints } from '../objects/endpoints';
import type { EndpointSliceObject } from '../objects/types';

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

/** The endpoints of one Service port, in the order of its slices. */
export function endpointsOf(
  slices: readonly EndpointSliceObject[],
  port: { readonly name: string; readonly protocol: string },
  family: Family,
  nodeName: string,
): readonly Endpoint[] {
  return portEndpoints(slices, port, family, nodeName).map((endpoint): Endpoint => {
    const { address: text, host, port: number, nodeName: on } = endpoint;
    const { ready, serving, terminating, forZones, forNodes } = endpoint;
    return {
      address: host,
      port: number,
      text,
      local: on === nodeName,
      ready,
      serving,
      terminating,
      forZones,
      forNodes,
    };
  });
}

/** kube-proxy's order. Go compares texts byte by byte; these are ASCII. */
export function byText({ text: left }: Endpoint, { text: right }: Endpoint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
