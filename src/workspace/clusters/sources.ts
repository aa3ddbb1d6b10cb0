import * as vscode from 'vscode';
import type { Cluster } from '../../cluster/cluster';
import { ClusterError } from '../../cluster/error';
import type { Kubeconfig } from '../../cluster/live/kubeconfig';
import { clusterKey } from './dumpUri';
import { liveSettings, setting } from './settings';

/** A cluster of the tree's first level. */
export interface Source {
  readonly cluster: Cluster;
  /** The kubeconfig's current context, or a snapshot that was opened by hand. */
  readonly current: boolean;
  /** Of a snapshot. */
  readonly folder?: string;
}

/** A context that can't be used, or the kubeconfig itself. */
export interface BrokenSource {
  readonly name: string;
  readonly error: unknown;
}

const rememberedKey = 'kubeProxyInspector.snapshots';

/** The contexts of the kubeconfig and the snapshots: opened by hand, or found in the workspace. */
export class Sources implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly live = new Map<string, Cluster>();
  private readonly snapshots = new Map<string, Cluster>();
  private readonly listening = new Map<Cluster, () => void>();
  private watchers: vscode.Disposable[] = [];
  private kubeconfig: Promise<Kubeconfig> | undefined;
  private found: Promise<readonly string[]> | undefined;
  private explorerOpened = false;

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly state: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  dispose(): void {
    this.closeAll(this.live);
    this.closeAll(this.snapshots);
    vscode.Disposable.from(...this.watchers, this.changed).dispose();
  }

  /**
   * Whether the user has looked at the explorer in this session. Before, nobody sends a request to a
   * cluster that was not asked for.
   */
  get explored(): boolean {
    return this.explorerOpened;
  }

  /** The explorer is open. */
  explore(): void {
    if (this.explorerOpened) return;
    this.explorerOpened = true;
    this.changed.fire();
  }

  /** Reads the kubeconfig and looks for snapshots; no request to a cluster. */
  async list(): Promise<{ sources: readonly Source[]; broken: readonly BrokenSource[] }> {
    const [contexts, snapshots] = await Promise.all([this.contexts(), this.openedSnapshots()]);
    return { sources: [...contexts.sources, ...snapshots], broken: contexts.broken };
  }

  async byKey(key: string): Promise<Cluster | undefined> {
    const { sources } = await this.list();
    return sources.find(({ cluster }) => clusterKey(cluster) === key)?.cluster;
  }

  /** Fetches the lists anew at the next look, and reads the kubeconfig; a node's dumps stay. */
  refresh(): void {
    this.kubeconfig = undefined;
    this.found = undefined;
    for (const cluster of [...this.live.values(), ...this.snapshots.values()]) cluster.refresh();
    this.changed.fire();
  }

  async remember(folder: string): Promise<void> {
    await this.state.update(rememberedKey, [...new Set([...this.remembered(), folder])]);
    this.changed.fire();
  }

  async forget(folder: string): Promise<void> {
    const rest = this.remembered().filter((other) => other !== folder);
    await this.state.update(rememberedKey, rest);
    this.changed.fire();
  }

  remembered(): readonly string[] {
    return this.state.get<string[]>(rememberedKey, []);
  }

  private async contexts(): Promise<{ sources: Source[]; broken: BrokenSource[] }> {
    const { openLiveCluster } = await import('../../cluster/live/liveCluster');
    const broken: BrokenSource[] = [];
    const sources: Source[] = [];
    let kubeconfig: Kubeconfig;
    try {
      kubeconfig = await (this.kubeconfig ??= this.loadKubeconfig());
    } catch (error) {
      this.kubeconfig = undefined;
      return { sources, broken: [{ name: '', error }] };
    }
    for (const problem of kubeconfig.problems) {
      broken.push({ name: '', error: new ClusterError('bad-kubeconfig', problem) });
    }
    for (const { name } of kubeconfig.contexts) {
      try {
        const cluster =
          this.live.get(name) ?? openLiveCluster(kubeconfig, name, liveSettings, this.log);
        this.keep(this.live, name, cluster);
        sources.push({ cluster, current: name === kubeconfig.current });
      } catch (error) {
        broken.push({ name, error });
      }
    }
    return { sources, broken };
  }

  private async loadKubeconfig(): Promise<Kubeconfig> {
    const { kubeconfigFiles, loadKubeconfig } = await import('../../cluster/live/kubeconfig');
    const files = kubeconfigFiles(setting<string>('kubeconfig', ''));
    this.watch(files);
    return loadKubeconfig(files);
  }

  /** `kubectl config use-context` and a login write the file: then it is read again. */
  private watch(files: readonly string[]): void {
    vscode.Disposable.from(...this.watchers).dispose();
    this.watchers = files.map((file) => {
      const uri = vscode.Uri.file(file);
      const folder = vscode.Uri.joinPath(uri, '..');
      const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
      const watcher = vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(folder, name),
      );
      const reload = () => {
        this.forgetKubeconfig();
        this.changed.fire();
      };
      watcher.onDidChange(reload);
      watcher.onDidCreate(reload);
      watcher.onDidDelete(reload);
      return watcher;
    });
  }

  private async openedSnapshots(): Promise<Source[]> {
    const { openSnapshot } = await import('../../cluster/snapshot/snapshot');
    const remembered = this.remembered();
    const folders = [...new Set([...remembered, ...(await (this.found ??= this.find()))])];
    return folders.map((folder) => {
      const cluster = this.snapshots.get(folder) ?? openSnapshot(folder);
      this.keep(this.snapshots, folder, cluster);
      return { cluster, current: remembered.includes(folder), folder };
    });
  }

  private async find(): Promise<readonly string[]> {
    const { findSnapshots } = await import('../../cluster/snapshot/find');
    const folders = vscode.workspace.workspaceFolders ?? [];
    const local = folders.filter(({ uri }) => uri.scheme === 'file');
    return (await Promise.all(local.map(({ uri }) => findSnapshots(uri.fsPath)))).flat();
  }

  private keep(map: Map<string, Cluster>, key: string, cluster: Cluster): void {
    if (map.get(key) === cluster) return;
    map.set(key, cluster);
    this.listening.set(
      cluster,
      cluster.onDidChange(() => this.changed.fire()),
    );
  }

  private forgetKubeconfig(): void {
    this.kubeconfig = undefined;
    this.closeAll(this.live);
  }

  private closeAll(map: Map<string, Cluster>): void {
    for (const cluster of map.values()) {
      this.listening.get(cluster)?.();
      this.listening.delete(cluster);
      cluster.dispose();
    }
    map.clear();
  }
}
