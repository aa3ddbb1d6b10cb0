import { serviceOfSlice } from '../objects/types';
import type { EndpointSliceObject, EndpointsObject } from '../objects/types';
import type { ExpectedInput } from './input';

/**
 * EndpointSlices by `namespace/service`, without those for other proxies. Releases before 1.19 read
 * Endpoints, which are taken as slices; so are they where no slice at all is at hand.
 */
export function slicesByService({
  objects,
  release,
}: Pick<ExpectedInput, 'objects' | 'release'>): ReadonlyMap<
  string,
  readonly EndpointSliceObject[]
> {
  const { endpointSlices, endpoints } = objects;
  const old = (release < 19 && endpoints.length > 0) || endpointSlices.length === 0;
  const slices = old ? endpoints.flatMap(slicesOf) : endpointSlices;
  const found = new Map<string, EndpointSliceObject[]>();
  for (const slice of slices) {
    const { namespace, labels } = slice.metadata;
    const name = old ? slice.metadata.name : serviceOfSlice(slice);
    if (name === undefined || otherProxies.some((label) => label in labels)) continue;
    const key = `${namespace}/${name}`;
    const list = found.get(key);
    if (list) list.push(slice);
    else found.set(key, [slice]);
  }
  return found;
}

/** kube-proxy's watches leave out what bears them. */
const otherProxies = ['service.kubernetes.io/service-proxy-name', 'service.kubernetes.io/headless'];

/** Endpoints hold both families; addresses that are not ready stay without rules. */
function slicesOf({ metadata, subsets }: EndpointsObject): EndpointSliceObject[] {
  return subsets.flatMap(({ addresses, ports }) =>
    (['IPv4', 'IPv6'] as const).map((addressType): EndpointSliceObject => ({
      kind: 'EndpointSlice',
      metadata,
      addressType,
      ports,
      endpoints: addresses
        .filter(({ ip }) => ip.includes(':') === (addressType === 'IPv6'))
        .map(({ ip, nodeName, targetRef }) => ({
          addresses: [ip],
          ready: true,
          nodeName,
          targetRef,
          forZones: [],
          forNodes: [],
        })),
    })),
  );
}
