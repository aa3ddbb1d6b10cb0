import type { EndpointPort, EndpointSliceEndpoint, ServiceObject, ServicePort } from './types';

/** Why a Service port has no endpoint, as far as objects tell; `noEndpointText` says it. */
export type NoEndpoint =
  /** The rules have none; no object at hand tells why. */
  | { readonly kind: 'none' }
  /** Its selector matches no Pod that runs. */
  | { readonly kind: 'selects-nothing' }
  /** It has no selector, and nobody wrote an EndpointSlice for it. */
  | { readonly kind: 'no-selector' }
  | { readonly kind: 'none-ready'; readonly count: number }
  /** `targetPort: htttp` is no port's name in its Pods: the EndpointSlice has addresses and `ports: null`. */
  | { readonly kind: 'port-unresolved'; readonly targetPort: string }
  /** Its EndpointSlices have addresses, and none of them a port of this name. */
  | { readonly kind: 'port-missing'; readonly port: string }
  | {
      readonly kind: 'none-local';
      readonly policy: 'externalTrafficPolicy' | 'internalTrafficPolicy';
    };

/** What an EndpointSlice says of whether a port is served. */
export interface Serving {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Pick<EndpointSliceEndpoint, 'ready' | 'serving' | 'terminating'>[];
}

/**
 * Why no endpoint of a Service port can serve on any node; undefined where one can. Of no family:
 * a Service of both has one slice for each at least, with the same ports.
 *
 * @param slices All of the Service's.
 */
export function noEndpointOf(
  { spec }: ServiceObject,
  slices: readonly Serving[],
  port: ServicePort,
): NoEndpoint | undefined {
  const filled = slices.filter(({ endpoints }) => endpoints.length > 0);
  if (filled.length === 0) {
    const selects = Object.keys(spec.selector).length > 0;
    return { kind: selects ? 'selects-nothing' : 'no-selector' };
  }
  const having = filled.filter(({ ports }) =>
    ports.some(
      ({ name, protocol, port: number }) =>
        name === port.name && protocol === port.protocol && number !== undefined,
    ),
  );
  if (having.length === 0) {
    return typeof port.targetPort === 'string'
      ? { kind: 'port-unresolved', targetPort: port.targetPort }
      : { kind: 'port-missing', port: port.name || String(port.port) };
  }
  const endpoints = having.flatMap((slice) => slice.endpoints);
  const serves = endpoints.some(
    ({ ready, serving, terminating }) => ready !== false || (terminating && serving !== false),
  );
  return serves ? undefined : { kind: 'none-ready', count: endpoints.length };
}

/**
 * Why `3/3 ready` would mislead: the Service's EndpointSlices have addresses, and none of them a port
 * of it. undefined where a port of it has endpoints, ready or not, and where there are none at all.
 */
export function lacksEveryPort(
  service: ServiceObject,
  slices: readonly Serving[],
): NoEndpoint | undefined {
  const reasons = service.spec.ports.map((port) => noEndpointOf(service, slices, port));
  const lacks = reasons.every(
    (why) => why?.kind === 'port-unresolved' || why?.kind === 'port-missing',
  );
  return lacks ? reasons[0] : undefined;
}
