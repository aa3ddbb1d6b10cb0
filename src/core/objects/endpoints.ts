import {
  serviceOfSlice,
  type EndpointSliceObject,
  type ObjectReference,
  type ServiceObject,
} from './types';

/** One endpoint of a Service, of one address family. */
export interface ListedEndpoint {
  readonly address: string;
  readonly ready: boolean;
  readonly terminating: boolean;
  readonly node: string | undefined;
  readonly pod: ObjectReference | undefined;
  /** Of the slice: `http` -> 8080. */
  readonly ports: readonly {
    readonly name: string;
    readonly protocol: string;
    readonly port?: number;
  }[];
}

/** The endpoints by Service: `shop/web`. */
export type EndpointsByService = ReadonlyMap<string, readonly ListedEndpoint[]>;

export function serviceKey({ metadata }: ServiceObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** Of lists that have not changed since: each key in the filter box asks again. */
const joinedBefore = new WeakMap<readonly EndpointSliceObject[], EndpointsByService>();

/** Joins the slices of each Service; an address that several slices name counts once. */
export function endpointsByService(slices: readonly EndpointSliceObject[]): EndpointsByService {
  const before = joinedBefore.get(slices);
  if (before) return before;
  const joined = join(slices);
  joinedBefore.set(slices, joined);
  return joined;
}

function join(slices: readonly EndpointSliceObject[]): EndpointsByService {
  const found = new Map<string, Map<string, ListedEndpoint>>();
  for (const slice of slices) {
    const service = serviceOfSlice(slice);
    if (service === undefined) continue;
    const key = `${slice.metadata.namespace}/${service}`;
    const endpoints = found.get(key) ?? new Map<string, ListedEndpoint>();
    found.set(key, endpoints);
    for (const { addresses, ready, terminating, nodeName, targetRef } of slice.endpoints) {
      for (const address of addresses) {
        const before = endpoints.get(address);
        endpoints.set(address, {
          address,
          // A condition that is not set counts as true (discovery/v1/types.go).
          ready: ready !== false,
          terminating: terminating === true,
          node: nodeName,
          pod: targetRef,
          ports: [...(before?.ports ?? []), ...slice.ports],
        });
      }
    }
  }
  return new Map([...found].map(([key, endpoints]) => [key, [...endpoints.values()]]));
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
