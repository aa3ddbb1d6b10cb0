import { indexObjects } from '../core/objects/objectIndex';
import type { ClusterObjects, ObjectIndex } from '../core/objects/types';
import type { Cluster } from './cluster';

/**
 * The objects of a snapshot or a bundle, which are of the time of its dumps; those of a cluster that
 * answers now have changed since. A part of them would accuse the rules of what the other part has.
 *
 * @returns undefined for a live cluster, without Services, and where some may be missing
 */
export async function capturedObjects(
  cluster: Cluster,
): Promise<(ClusterObjects & ObjectIndex) | undefined> {
  if (!cluster.offline) return undefined;
  const [services, slices, endpoints, nodes, pods] = await Promise.all([
    cluster.list('services'),
    cluster.list('endpointslices'),
    cluster.list('endpoints'),
    cluster.list('nodes'),
    cluster.list('pods'),
  ]);
  if (services.items.length === 0 || services.partial !== undefined) return undefined;
  const whole = <T>(list: { readonly items: readonly T[]; readonly partial?: string }) =>
    list.partial === undefined ? list.items : [];
  const objects = {
    services: services.items,
    endpointSlices: whole(slices),
    endpoints: whole(endpoints),
    nodes: nodes.items,
    pods: whole(pods),
  };
  return { ...objects, ...indexObjects(objects) };
}
