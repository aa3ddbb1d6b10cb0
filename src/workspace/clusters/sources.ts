import { unwatchFile, watchFile, type Stats } from 'node:fs';
import * as vscode from 'vscode';
import type { Cluster } from '../../cluster/cluster';
import { ClusterError } from '../../cluster/error';
import type { FoundSnapshot } from '../../cluster/snapshot/find';
import type { Kubeconfig } from '../../cluster/live/kubeconfig';
import { pathOf } from '../files';
import type { NodesOfFiles } from '../nodesOfFiles';
import { clusterKey } from './dumpUri';
import { setting } from '../setting';
import { liveSettings } from './settings';

/** A cluster of the tree's first level. */
export interface Source {
  readonly cluster: Cluster;
  /** The kubeconfig's current context, or a snapshot that was opened by hand. */
  readonly current: boolean;
  /** Of a snapshot. */
  readonly folder?: string;
  /** Dumps of nodes that lie in the workspace without the cluster's objects. */
  readonly loose?: boolean;
}

/** A context that can't be used, or the kubeconfig itself. */
export interface BrokenSource {
  readonly name: string;
  readonly error: unknown;
}

/** Between two looks at a kubeconfig's state, in milliseconds. */
const watchInterval = 1000;

const rememberedKey = 'kubeProxyInspector.snapshots';
/** Stands for the sample among the remembered: an update moves the extension's folder. */
const sampleKey = 'sample';

/** The contexts of the kubeconfig and the snapshots: opened by hand, or found in the workspace. */
export class Sources implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly live = new Map<string, Cluster>();
  private readonly snapshots = new Map<string, Cluster>();
  private readonly listening = new Map<Cluster, () => void>();
  /** What each open context said when it was opened. */
  private readonly prints = new Map<string, string>();
  private watched: readonly string[] = [];
  private kubeconfig: Promise<Kubeconfig> | undefined;
  private found: Promise<readonly FoundSnapshot[]> | undefined;
  private explorerOpened = false;
  private readonly regrouping: vscode.Disposable;

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly state: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
    /** The snapshot that comes with the extension. */
    readonly sample: string,
    private readonly named: NodesOfFiles,
  ) {
    this.regrouping = named.onDidChange(() => {
      for (const cluster of this.snapshots.values()) cluster.refresh();
      this.changed.fire();
    });
  }

  dispose(): void {
    this.closeAll(this.live);
    this.closeAll(this.snapshots);
    this.unwatch();
    this.regrouping.dispose();
    this.changed.dispose();
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

  private readonly onFileChange = (now: Stats, before: Stats): void => {
    // The first look at a file that is not there is no change.
    if (now.mtimeMs === before.mtimeMs && now.ino === before.ino && now.size === before.size)
      return;
    this.kubeconfig = undefined;
    this.changed.fire();
  };

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
    await this.store([...this.remembered(), folder]);
  }

  async forget(folder: string): Promise<void> {
    await this.store(this.remembered().filter((other) => other !== folder));
  }

  remembered(): readonly string[] {
    const stored = this.state.get<string[]>(rememberedKey, []);
    return stored.map((folder) => (folder === sampleKey ? this.sample : folder));
  }

  private async store(folders: readonly string[]): Promise<void> {
    const stored = folders.map((folder) => (folder === this.sample ? sampleKey : folder));
    await this.state.update(rememberedKey, [...new Set(stored)]);
    this.changed.fire();
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
      // Whoever names no kubeconfig may have none: the view's welcome says how to connect one.
      const none = error instanceof ClusterError && error.reason === 'no-kubeconfig';
      if (none && !namesKubeconfig()) return { sources, broken };
      return { sources, broken: [{ name: '', error }] };
    }
    for (const problem of kubeconfig.problems) {
      broken.push({ name: '', error: new ClusterError('bad-kubeconfig', problem) });
    }
    const { contextFingerprint } = await import('../../cluster/live/kubeconfig');
    const names = new Set(kubeconfig.contexts.map(({ name }) => name));
    for (const name of this.live.keys()) if (!names.has(name)) this.close(this.live, name);
    for (const name of names) {
      try {
        // A context that is as it was keeps its lists and dumps: `use-context` writes the file too.
        const print = contextFingerprint(kubeconfig, name);
        if (this.prints.get(name) !== print) this.close(this.live, name);
        this.prints.set(name, print);
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

  /**
   * `kubectl config use-context` and a login write the file: then it is read again. By its state
   * rather than by events, which a link's target, a folder that is not there yet and a network
   * file system don't send.
   */
  private watch(files: readonly string[]): void {
    if (files.join('\n') === this.watched.join('\n')) return;
    this.unwatch();
    this.watched = files;
    for (const file of files) {
      watchFile(file, { interval: watchInterval, persistent: false }, this.onFileChange);
    }
  }

  private unwatch(): void {
    for (const file of this.watched) unwatchFile(file, this.onFileChange);
    this.watched = [];
  }

  private async openedSnapshots(): Promise<Source[]> {
    const { openSnapshot } = await import('../../cluster/snapshot/snapshot');
    const remembered = this.remembered();
    const found = await (this.found ??= this.find());
    const loose = new Set(found.filter((one) => one.loose).map(({ folder }) => folder));
    const folders = new Set([...remembered, ...found.map(({ folder }) => folder)]);
    const given = (path: string) => this.named.nodeOf(pathOf(vscode.Uri.file(path)))?.name;
    return [...folders].map((folder) => {
      const cluster = this.snapshots.get(folder) ?? openSnapshot(folder, given);
      this.keep(this.snapshots, folder, cluster);
      return { cluster, current: remembered.includes(folder), folder, loose: loose.has(folder) };
    });
  }

  private async find(): Promise<readonly FoundSnapshot[]> {
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

  private close(map: Map<string, Cluster>, key: string): void {
    const cluster = map.get(key);
    if (!cluster) return;
    this.listening.get(cluster)?.();
    this.listening.delete(cluster);
    cluster.dispose();
    map.delete(key);
  }

  private closeAll(map: Map<string, Cluster>): void {
    for (const key of [...map.keys()]) this.close(map, key);
  }
}

/** Whether the setting or the environment says where the kubeconfig is. */
function namesKubeconfig(): boolean {
  return setting<string>('kubeconfig', '').trim() !== '' || Boolean(process.env['KUBECONFIG']);
}
