import { takenSlices } from '../core/objects/slices';
import type { Cluster, ListOptions, ObjectList } from './cluster';
import { isCancelled } from './error';

/**
 * The EndpointSlices that kube-proxy reads. A cluster or snapshot without any is asked for its
 * Endpoints, which stand for them.
 */
export async function listSlices(
  cluster: Cluster,
  options?: ListOptions,
): Promise<ObjectList<'endpointslices'>> {
  const slices = await cluster.list('endpointslices', options);
  if (slices.items.length > 0) return slices;
  try {
    const endpoints = await cluster.list('endpoints', options);
    const items = takenSlices({ endpointSlices: [], endpoints: endpoints.items });
    return items.length > 0 ? { ...endpoints, items } : slices;
  } catch (error) {
    // Who may list EndpointSlices need not be allowed to list Endpoints.
    if (isCancelled(error)) throw error;
    return slices;
  }
}
