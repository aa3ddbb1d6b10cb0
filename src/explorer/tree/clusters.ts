import type { BundleReport, Cluster } from '../../cluster/cluster';
import type { Finding } from '../../core/finding';
import type { FoundInCluster } from '../../workspace/findings/foundInCluster';
import { distinct, faultRows } from './findings';
import type { TreeNode, TreeWorld } from './node';
import { nodesNode } from './nodes';
import { servicesNode } from './services';
import { list } from '../../core/list';

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
    faults: faultsOf(world.knownFindings(cluster)),
    children: async (signal) => {
      // What can't be opened says so below Services and Nodes.
      const info = cluster.offline ? await cluster.info(signal).catch(() => undefined) : undefined;
      const report = info?.bundle;
      return [
        ...faultRows(world, cluster.id, faultsOf(world.clusterFindings(cluster)), {
          kind: 'cluster',
          cluster,
          folder,
        }),
        ...(report ? [bundleNode(world, cluster, report)] : []),
        servicesNode(world, cluster),
        nodesNode(world, cluster),
      ];
    },
  };
}

function faultsOf(found: FoundInCluster | undefined): readonly Finding[] {
  return distinct([...(found?.nodes.values() ?? []), ...(found?.services.values() ?? [])].flat());
}

/** First of all: what the archive has, and what to ask its sender for. */
function bundleNode({ l10n }: TreeWorld, cluster: Cluster, report: BundleReport): TreeNode {
  const { title, present, missing, ask, notes } = report;
  const what = present.length > 0 ? list(present, 'row') : l10n.t('nothing of a node');
  return {
    id: `${cluster.id}/bundle`,
    label: l10n.t('{0}: {1}', title, what),
    description: missing.length > 0 ? l10n.t('missing: {0}', list(missing, 'row')) : undefined,
    tooltip: [...notes, ask && l10n.t('To ask the sender for what is missing: {0}', ask)]
      .filter((line) => line)
      .join('\n\n'),
    icon: missing.length > 0 || notes.length > 0 ? 'info' : 'pass',
    contextValue: ask === undefined ? 'bundle' : 'bundle-asks',
    target: { kind: 'bundle', cluster, ask },
    command: ask
      ? { id: 'kubeProxyInspector.copyBundleCommand', title: l10n.t('Copy Command for the Sender') }
      : undefined,
  };
}
