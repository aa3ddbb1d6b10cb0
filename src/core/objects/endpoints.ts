import { formatAddress, hostPort, parseAddress, type Family } from '../address';
import { once } from '../once';
import { slicesByService } from './slices';
import type {
  EndpointPort,
  EndpointSliceEndpoint,
  EndpointSliceObject,
  ObjectReference,
  ServiceObject,
} from './types';

/**
 * What EndpointSlices say of a Service's endpoints, as kube-proxy reads them
 * (pkg/proxy/endpointslicecache.go): of an endpoint's addresses the first counts; conditions that
 * are not set are true, but for `terminating` (discovery/v1/types.go); an endpoint that several
 * slices have is one. Where these disagree the one that is on the node counts, else kube-proxy takes
 * any: here the one that is ready.
 */
interface EndpointState {
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly nodeName: string | undefined;
  readonly zone: string | undefined;
  readonly pod: ObjectReference | undefined;
  /** Topology hints: the zones and nodes that shall use this endpoint. */
  readonly forZones: readonly string[];
  readonly forNodes: readonly string[];
}

/** One endpoint of a Service, whatever the port. */
export interface ListedEndpoint extends EndpointState {
  /** `10.244.1.5`. */
  readonly address: string;
  /** Of its slices: `http` -> 8080. */
  readonly ports: readonly EndpointPort[];
}

/** The endpoints by Service: `shop/web`. */
export type EndpointsByService = ReadonlyMap<string, readonly ListedEndpoint[]>;

/** One endpoint of a Service port. */
export interface PortEndpoint extends EndpointState {
  /** `10.244.1.5:8080`, `[fd00::5]:8080`. */
  readonly address: string;
  /** `10.244.1.5`. */
  readonly host: string;
  readonly port: number;
}

/** The endpoints of each Service, listed once: each key in the filter box asks again. */
export const endpointsByService = once(
  (slices: readonly EndpointSliceObject[]): EndpointsByService =>
    new Map([...slicesByService(slices)].map(([service, own]) => [service, listedEndpoints(own)])),
);

/** The endpoints of one Service, in the order of its slices; an address counts once. */
export function listedEndpoints(slices: readonly EndpointSliceObject[]): readonly ListedEndpoint[] {
  const found = new Map<string, ListedEndpoint>();
  for (const { endpoints, ports } of slices) {
    for (const endpoint of endpoints) {
      const address = hostOf(endpoint);
      if (address === undefined) continue;
      const state = stateOf(endpoint);
      const before = found.get(address);
      found.set(address, {
        address,
        ...(before && !counts(before, state) ? before : state),
        ports: [...(before?.ports ?? []), ...ports],
      });
    }
  }
  return [...found.values()];
}

/**
 * The endpoints of one Service port and family, in the order of its slices.
 *
 * @param on the node that they are asked for on
 */
export function portEndpoints(
  slices: readonly EndpointSliceObject[],
  port: { readonly name: string; readonly protocol: string },
  family: Family,
  on?: string,
): readonly PortEndpoint[] {
  const found = new Map<string, PortEndpoint>();
  for (const { addressType, ports, endpoints } of slices) {
    if (addressType !== `IPv${family}`) continue;
    for (const { name, protocol, port: number } of ports) {
      if (name !== port.name || protocol !== port.protocol || !number) continue;
      for (const endpoint of endpoints) {
        const host = hostOf(endpoint);
        if (host === undefined || host.includes(':') !== (family === 6)) continue;
        const address = hostPort(host, number);
        const before = found.get(address);
        const state = stateOf(endpoint);
        if (!before || counts(before, state, on))
          found.set(address, { address, host, port: number, ...state });
      }
    }
  }
  return [...found.values()];
}

function counts(before: EndpointState, state: EndpointState, on?: string): boolean {
  const isOwn = on !== undefined && state.nodeName === on;
  const wasOwn = on !== undefined && before.nodeName === on;
  return isOwn === wasOwn ? state.ready && !before.ready : isOwn;
}

/** One spelling; the usual one of IPv4 is it already, and there may be 50,000 of them. */
function hostOf({ addresses: [first = ''] }: EndpointSliceEndpoint): string | undefined {
  if (plainIpv4.test(first)) return first;
  const address = parseAddress(first);
  return address && formatAddress(address);
}

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const plainIpv4 = new RegExp(`^${octet}\\.${octet}\\.${octet}\\.${octet}$`);

function stateOf(endpoint: EndpointSliceEndpoint): EndpointState {
  const { ready, serving, terminating, nodeName, zone, targetRef, forZones, forNodes } = endpoint;
  return {
    ready: ready !== false,
    serving: serving !== false,
    terminating: terminating === true,
    nodeName,
    zone,
    pod: targetRef,
    forZones,
    forNodes,
  };
}

/** `shop/web`. */
export function serviceKey({ metadata }: ServiceObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** Ready and all, by Pods: a dual-stack Pod has an address in two slices. */
export function countReady(endpoints: readonly ListedEndpoint[]): { ready: number; all: number } {
  const ready = new Map<string, boolean>();
  for (const endpoint of endpoints) {
    const { pod, address } = endpoint;
    const key = pod ? `${pod.namespace}/${pod.name}` : address;
    ready.set(key, (ready.get(key) ?? true) && endpoint.ready);
  }
  return { ready: [...ready.values()].filter(Boolean).length, all: ready.size };
}
