import * as vscode from 'vscode';
import type { Cluster, NodeDumps } from '../../cluster/cluster';
import { withLateProgress } from './progress';

/** A node's dumps: those held, or fetched with progress. */
export function dumpsOf(cluster: Cluster, node: string, fresh = false): Promise<NodeDumps> {
  const held = fresh ? undefined : cluster.heldDumps(node);
  if (held) return Promise.resolve(held);
  return withLateProgress(vscode.l10n.t('Fetching the dumps of {0}', node), (signal, onProgress) =>
    cluster.dumps(node, { signal, onProgress, fresh }),
  );
}
