import type { ObjectList, Stale } from '../../cluster/cluster';
import { ClusterError, errorText, type ClusterErrorReason } from '../../cluster/error';
import type { TreeNode, TreeWorld } from './node';

/** A state as a line of the tree: why there is nothing below, and what to do next. */
export function stateNode(world: TreeWorld, parent: string, error: unknown): TreeNode {
  const { l10n } = world;
  const reason = error instanceof ClusterError ? error.reason : 'server';
  const message = errorText(error);
  const right = error instanceof ClusterError ? error.detail.right : undefined;
  return {
    id: `${parent}/state`,
    label: reason === 'forbidden' && right ? rightLabel(world, right) : label(l10n, reason),
    description: message,
    tooltip: message,
    icon: icons[reason] ?? 'error',
    color: reason === 'cancelled' ? undefined : 'list.warningForeground',
    contextValue: `state-${reason}`,
    command:
      reason === 'no-kubeconfig' || reason === 'bad-kubeconfig'
        ? { id: 'kubeProxyInspector.selectKubeconfig', title: l10n.t('Select Kubeconfig') }
        : { id: 'kubeProxyInspector.refreshExplorer', title: l10n.t('Refresh') },
  };
}

function rightLabel(
  { l10n }: TreeWorld,
  right: { readonly verb: string; readonly resource: string; readonly namespace?: string },
): string {
  return right.namespace === undefined
    ? l10n.t('Forbidden: {0} {1}', right.verb, right.resource)
    : l10n.t('Forbidden: {0} {1} in {2}', right.verb, right.resource, right.namespace);
}

function label(l10n: TreeWorld['l10n'], reason: ClusterErrorReason): string {
  switch (reason) {
    case 'no-kubeconfig':
      return l10n.t('No kubeconfig');
    case 'bad-kubeconfig':
      return l10n.t('The kubeconfig is broken');
    case 'unreachable':
      return l10n.t('Unreachable');
    case 'tls':
      return l10n.t('Not trusted');
    case 'credentials':
      return l10n.t('Not logged in');
    case 'forbidden':
      return l10n.t('Forbidden');
    case 'no-pod':
      return l10n.t('No kube-proxy pod');
    case 'timeout':
      return l10n.t('No answer');
    case 'cancelled':
      return l10n.t('Cancelled');
    case 'incomplete':
      return l10n.t('Not captured whole');
    case 'broken-snapshot':
      return l10n.t('Not a snapshot');
    case 'throttled':
      return l10n.t('The cluster is busy');
    case 'not-found':
    case 'expired':
    case 'server':
      return l10n.t('The cluster answered with an error');
  }
}

const icons: Partial<Record<ClusterErrorReason, string>> = {
  'no-kubeconfig': 'info',
  unreachable: 'debug-disconnect',
  timeout: 'debug-disconnect',
  credentials: 'key',
  forbidden: 'lock',
  tls: 'shield',
  'no-pod': 'warning',
  cancelled: 'circle-slash',
};

/** A remark under a node whose children are not all there are. */
export function partialNode({ l10n }: TreeWorld, parent: string, partial: string): TreeNode {
  return {
    id: `${parent}/partial`,
    label: l10n.t('Not complete'),
    description: partial,
    tooltip: partial,
    icon: 'warning',
    color: 'list.warningForeground',
    contextValue: 'state-partial',
  };
}

/** What stands above a list: why it lacks some, and since when it is not live. */
export function remarkNodes(
  world: TreeWorld,
  parent: string,
  { partial, stale }: Pick<ObjectList, 'partial' | 'stale'>,
): readonly TreeNode[] {
  return [
    ...(stale === undefined ? [] : [staleNode(world, parent, stale)]),
    ...(partial === undefined ? [] : [partialNode(world, parent, partial)]),
  ];
}

function staleNode({ l10n }: TreeWorld, parent: string, { since, reason }: Stale): TreeNode {
  const time = new Date(since).toLocaleTimeString(undefined, { timeStyle: 'short' });
  return {
    id: `${parent}/stale`,
    label: l10n.t('Not live since {0}', time),
    description: reason,
    tooltip: reason,
    icon: 'debug-disconnect',
    color: 'list.warningForeground',
    contextValue: 'state-stale',
    command: { id: 'kubeProxyInspector.refreshExplorer', title: l10n.t('Refresh') },
  };
}

/** A line that says that there is nothing. */
export function emptyNode(parent: string, label: string): TreeNode {
  return { id: `${parent}/empty`, label, icon: 'info', contextValue: 'state-empty' };
}
