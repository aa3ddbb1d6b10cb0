import type { Cluster } from '../../cluster/cluster';
import type { TreeNode, TreeWorld } from './node';
import { nodesNode } from './nodes';
import { servicesNode } from './services';

/** A context or a snapshot. */
export function clusterNode(
  world: TreeWorld,
  cluster: Cluster,
  { current, folder }: { readonly current: boolean; readonly folder?: string },
): TreeNode {
  return {
    id: cluster.id,
    label: cluster.title,
    description: current && !folder ? world.l10n.t('current context') : undefined,
    tooltip: cluster.detail,
    icon: folder ? 'archive' : 'cloud',
    contextValue: !folder ? 'context' : current ? 'snapshot-opened' : 'snapshot',
    target: { kind: 'cluster', cluster, folder },
    open: current,
    children: () => Promise.resolve([servicesNode(world, cluster), nodesNode(world, cluster)]),
  };
}
