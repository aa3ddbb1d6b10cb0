import * as vscode from 'vscode';
import type { Cluster } from '../cluster/cluster';
import { clusterKey, parseDumpUri, scheme } from '../workspace/clusters/dumpUri';
import { setting } from '../workspace/setting';
import type { Source, Sources } from '../workspace/clusters/sources';

const chosenKey = 'kubeProxyInspector.manifest.cluster';

/** The cluster that manifests are compared with. */
export interface Choice {
  readonly cluster: Cluster;
  /** Whether the user may take another: it does not follow from the document, and there are others. */
  readonly open: boolean;
}

/** Which cluster a manifest is looked up in, and whether it may be asked already. */
export class ClusterChoice implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listening: vscode.Disposable;
  /** Clusters that the user asked for by a click in this session. */
  private readonly clicked = new Set<string>();

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly sources: Sources,
    private readonly state: vscode.Memento,
  ) {
    this.listening = vscode.Disposable.from(
      sources.onDidChange(() => this.changed.fire()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('kubeProxyInspector.manifest')) this.changed.fire();
      }),
    );
  }

  dispose(): void {
    vscode.Disposable.from(this.listening, this.changed).dispose();
  }

  /**
   * The snapshot or cluster that the document is of, else the one that was chosen, else the current
   * context, else the snapshot that was opened. undefined where there is none of these. No request.
   */
  async of(uri: vscode.Uri): Promise<Choice | undefined> {
    if (uri.scheme === scheme) {
      const cluster = await this.sources.byKey(parseDumpUri(uri).cluster);
      return cluster && { cluster, open: false };
    }
    const { sources } = await this.sources.list();
    // Dumps alone say nothing of the cluster's objects.
    const told = sources.filter(({ loose, current }) => !loose || current);
    const around = told.find(({ folder }) => folder !== undefined && isInside(uri, folder));
    if (around) return { cluster: around.cluster, open: false };
    const key = this.state.get<string>(chosenKey);
    const chosen =
      sources.find(({ cluster }) => clusterKey(cluster) === key) ??
      sources.find(({ current }) => current);
    return chosen && { cluster: chosen.cluster, open: told.length > 1 };
  }

  /** Whether there are clusters to choose from at all. */
  async any(): Promise<boolean> {
    return (await this.sources.list()).sources.length > 0;
  }

  /** A snapshot's files may always be read; a cluster is asked when the setting allows it. */
  mayAsk({ id, offline }: Cluster): boolean {
    if (offline || this.clicked.has(id)) return true;
    const when = setting<string>('manifest.contactCluster', 'afterExplorer');
    return when === 'always' || (when === 'afterExplorer' && this.sources.explored);
  }

  /** The user has clicked: this cluster may be asked for the rest of the session. */
  allow({ id }: Cluster): void {
    if (this.clicked.has(id)) return;
    this.clicked.add(id);
    this.changed.fire();
  }

  /** Asks the user, and remembers the answer in this workspace. */
  async choose(): Promise<Cluster | undefined> {
    const { sources } = await this.sources.list();
    const first = [...sources].sort((a, b) => Number(b.current) - Number(a.current));
    const picked = await vscode.window.showQuickPick(first.map(itemOf), {
      title: vscode.l10n.t('Compare Manifests with a Cluster'),
      placeHolder: vscode.l10n.t('Which cluster or snapshot?'),
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (!picked) return undefined;
    await this.state.update(chosenKey, clusterKey(picked.cluster));
    this.allow(picked.cluster);
    this.changed.fire();
    return picked.cluster;
  }
}

function itemOf({ cluster, current, folder }: Source) {
  const what =
    folder !== undefined
      ? vscode.l10n.t('snapshot')
      : current
        ? vscode.l10n.t('current context')
        : vscode.l10n.t('context');
  return { label: cluster.title, description: what, detail: cluster.detail, cluster };
}

function isInside(uri: vscode.Uri, folder: string): boolean {
  const root = vscode.Uri.file(folder).path.replace(/\/?$/, '/');
  return (uri.scheme === 'file' || uri.scheme === 'untitled') && uri.path.startsWith(root);
}
