import {
  serviceOfSlice,
  type ClusterObjects,
  type EndpointSliceObject,
  type EndpointsObject,
} from './types';
import { append } from '../append';

type EndpointObjects = Pick<ClusterObjects, 'endpointSlices' | 'endpoints'>;

/** Whether objects tell of endpoints at all: without any, none is missing either. */
export function tellEndpoints({ endpointSlices, endpoints }: EndpointObjects): boolean {
  return endpointSlices.length > 0 || endpoints.length > 0;
}

/**
 * The EndpointSlices that kube-proxy reads. Releases before 1.19 read Endpoints, which are taken as
 * slices; so are they where no slice at all is at hand. Where a cluster has some, a Service with
 * Endpoints alone has none: kube-proxy programs nothing of it.
 *
 * @param release minor, 36 for 1.36
 */
export function takenSlices(
  { endpointSlices, endpoints }: EndpointObjects,
  release = 19,
): readonly EndpointSliceObject[] {
  const old = (release < 19 && endpoints.length > 0) || endpointSlices.length === 0;
  return old ? endpoints.flatMap(asSlices) : endpointSlices;
}

/** The slices of each Service: `shop/web`. Those that name none are left out. */
export function slicesByService(
  slices: readonly EndpointSliceObject[],
): ReadonlyMap<string, readonly EndpointSliceObject[]> {
  const found = new Map<string, EndpointSliceObject[]>();
  for (const slice of slices) {
    const service = serviceOfSlice(slice);
    if (service === undefined) continue;
    const key = `${slice.metadata.namespace}/${service}`;
    append(found, key, slice);
  }
  return found;
}

/** Endpoints hold both families, and have a Service's name. */
function asSlices({ metadata, range, subsets }: EndpointsObject): EndpointSliceObject[] {
  const labels = { ...metadata.labels, 'kubernetes.io/service-name': metadata.name };
  return subsets.flatMap(({ addresses, notReadyAddresses, ports }) =>
    (['IPv4', 'IPv6'] as const).map((addressType): EndpointSliceObject => {
      const endpoints = (ready: boolean) =>
        (ready ? addresses : notReadyAddresses)
          .filter(({ ip }) => ip.includes(':') === (addressType === 'IPv6'))
          .map(({ ip, nodeName, targetRef }) => ({
            addresses: [ip],
            ready,
            serving: ready,
            nodeName,
            targetRef,
            forZones: [],
            forNodes: [],
          }));
      return {
        kind: 'EndpointSlice',
        metadata: { ...metadata, labels },
        range,
        addressType,
        ports,
        endpoints: [...endpoints(true), ...endpoints(false)],
      };
    }),
  );
}
