import { byName } from '../core/byName';
import type { Cluster } from './cluster';

/** The names of a cluster's nodes, in their order. */
export async function nodeNames(cluster: Cluster): Promise<readonly string[]> {
  const { items } = await cluster.list('nodes');
  return items.map(({ metadata }) => metadata.name).sort(byName);
}
