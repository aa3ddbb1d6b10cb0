import { indexObjects } from '../core/objects/objectIndex';
import type { ServiceObject, IndexedObjects } from '../core/objects/types';
import type { Cluster } from './cluster';

/** By the list of Services that they were read with, which a snapshot keeps until it is read anew. */
const captured = new WeakMap<readonly ServiceObject[], IndexedObjects>();

/**
 * The objects of a snapshot or a bundle, which are of the time of its dumps; those of a cluster that
 * answers now have changed since. A part of them would accuse the rules of what the other part has.
 * They are the same object until the snapshot is read anew: what was found out with them is found again.
 *
 * @returns undefined for a live cluster, without Services, and where some may be missing
 */
export async function capturedObjects(cluster: Cluster): Promise<IndexedObjects | undefined> {
  if (!cluster.offline) return undefined;
  const [services, slices, endpoints, nodes, pods] = await Promise.all([
    cluster.list('services'),
    cluster.list('endpointslices'),
    cluster.list('endpoints'),
    cluster.list('nodes'),
    cluster.list('pods'),
  ]);
  if (services.items.length === 0 || services.partial !== undefined) return undefined;
  const before = captured.get(services.items);
  if (before) return before;
  const whole = <T>(list: { readonly items: readonly T[]; readonly partial?: string }) =>
    list.partial === undefined ? list.items : [];
  const objects = {
    services: services.items,
    endpointSlices: whole(slices),
    endpoints: whole(endpoints),
    nodes: nodes.items,
    pods: whole(pods),
  };
  const indexed = indexObjects(objects);
  captured.set(services.items, indexed);
  return indexed;
}
