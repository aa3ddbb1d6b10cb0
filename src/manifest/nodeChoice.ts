import * as vscode from 'vscode';
import type { Cluster } from '../cluster/cluster';
import { nodeNames } from '../cluster/nodeNames';
import type { DumpFiles } from '../workspace/clusters/dumpFiles';
import { dumpsOf } from '../workspace/clusters/dumpsOf';

/**
 * A dump of the node that the user picks; of several all are offered, those with dumps at hand first.
 * undefined where none was picked.
 *
 * @throws Error where the cluster has no nodes, or the node no dumps
 */
export async function chooseNode(
  cluster: Cluster,
  files: DumpFiles,
): Promise<vscode.Uri | undefined> {
  const names = await nodeNames(cluster);
  const held = new Set(cluster.heldNodes());
  const items = names
    .map((label) => ({ label, description: held.has(label) ? vscode.l10n.t('fetched') : '' }))
    .sort((one, other) => Number(held.has(other.label)) - Number(held.has(one.label)));
  if (items.length === 0) throw new Error(vscode.l10n.t('{0} lists no nodes.', cluster.title));
  const placeHolder = vscode.l10n.t('On which node?');
  const picked =
    items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { placeHolder });
  if (!picked) return undefined;
  const dumps = await dumpsOf(cluster, picked.label);
  const [first] = dumps.dumps.filter(({ bytes }) => bytes > 0);
  if (!first) throw new Error(vscode.l10n.t('{0} has no dumps.', picked.label));
  return files.uriOf(cluster, dumps, first.name);
}
