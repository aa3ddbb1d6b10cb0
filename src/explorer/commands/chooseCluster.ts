import * as vscode from 'vscode';
import type { Cluster } from '../../cluster/cluster';
import type { ExplorerContext } from '../context';

/** The one cluster that is open, or the one that is picked of several; undefined without. */
export async function chooseCluster(
  { sources }: ExplorerContext,
  placeHolder: string,
): Promise<Cluster | undefined> {
  const clusters = (await sources.list()).sources.map(({ cluster }) => cluster);
  if (clusters.length === 0) {
    const message = vscode.l10n.t('Open a dump, a snapshot or a support bundle first.');
    void vscode.window.showInformationMessage(message);
  }
  if (clusters.length < 2) return clusters[0];
  const items = clusters.map((cluster) => ({
    label: cluster.title,
    description: cluster.detail,
    cluster,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.cluster;
}
