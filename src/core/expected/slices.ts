import { slicesByService, takenSlices } from '../objects/slices';
import type { EndpointSliceObject } from '../objects/types';
import type { ExpectedInput } from './input';

/** EndpointSlices by `namespace/service` of a release, without those for other proxies. */
export function proxiedSlices({
  objects,
  release,
}: Pick<ExpectedInput, 'objects' | 'release'>): ReadonlyMap<
  string,
  readonly EndpointSliceObject[]
> {
  return slicesByService(takenSlices(objects, release).filter(isOfKubeProxy));
}

/** Whether kube-proxy reads a slice: those for other proxies it does not. */
export function isOfKubeProxy({ metadata: { labels } }: EndpointSliceObject): boolean {
  return !otherProxies.some((label) => Object.hasOwn(labels, label));
}

/** kube-proxy's watches leave out what bears them. */
const otherProxies = ['service.kubernetes.io/service-proxy-name', 'service.kubernetes.io/headless'];
