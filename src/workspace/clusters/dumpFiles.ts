import * as vscode from 'vscode';
import {
  resources,
  type Cluster,
  type CounterText,
  type NodeDumps,
  type Resource,
} from '../../cluster/cluster';
import { Captures, type Capture } from './captures';
import { clusterKey, dumpUriOf, dumpUriParts, parseDumpUri, scheme } from './dumpUri';
import { dumpsOf } from './dumpsOf';
import type { Sources } from './sources';
import { ReadonlyFiles } from '../readonlyFiles';

/**
 * Where a document is in the newer capture of its node; itself where it names no capture and so is
 * of the newest; undefined where it stays as it is: of another node, or of an older capture that
 * was opened on purpose.
 */
export type Successor = (uri: vscode.Uri) => vscode.Uri | undefined;

/** @see Cluster.counters */
export type CounterReader = (
  dump: string,
  table: string | undefined,
  signal: AbortSignal,
) => Promise<CounterText>;

/**
 * Dumps and objects of any cluster as read-only files, laid out like a snapshot, so that whoever
 * reads a dump finds the others of its node beside it:
 * `kube-proxy-dump:/CLUSTER/nodes/NODE/iptables-save.txt`, `/CLUSTER/objects/services.yaml`.
 */
export class DumpFiles extends ReadonlyFiles implements vscode.FileSystemProvider {
  private readonly captures = new Captures();
  private readonly captured = new vscode.EventEmitter<Successor>();
  private readonly subscription: vscode.Disposable;
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly opened = Date.now();

  readonly onDidChangeFile = this.changed.event;

  /** A node was captured anew of which a document was asked for before. */
  readonly onDidCapture = this.captured.event;

  constructor(private readonly sources: Sources) {
    super();
    this.subscription = sources.onDidChange(() => void this.lookForNewer());
  }

  dispose(): void {
    vscode.Disposable.from(this.subscription, this.changed, this.captured).dispose();
  }

  /** The document of a dump; its capture stays readable from now on. */
  uriOf(cluster: Cluster, dumps: NodeDumps, dump: string): vscode.Uri {
    this.captures.hold(clusterKey(cluster), dumps);
    return vscode.Uri.from(dumpUriParts(cluster, dumps, dump));
  }

  /** The same dump in the capture before, as far as one is held. */
  before(uri: vscode.Uri): vscode.Uri | undefined {
    const place = placeOf(uri);
    const earlier = place && this.captures.before(place.capture);
    if (!earlier?.dumps.some(({ name }) => name === place!.dump)) return undefined;
    return vscode.Uri.from(dumpUriOf(place!.capture.cluster, earlier, place!.dump));
  }

  /** Reads the counters of a dump's node as they are now; undefined where no cluster answers for it. */
  async countersOf(uri: vscode.Uri): Promise<CounterReader | undefined> {
    const asked = await this.askedOf(uri);
    if (!asked?.cluster.counters) return undefined;
    const { cluster, node } = asked;
    return (dump, table, signal) => cluster.counters!(node, dump, table, signal);
  }

  /** Fetches the dumps of a document's node again; undefined where no cluster answers for it. */
  async fetcherOf(uri: vscode.Uri): Promise<(() => Promise<NodeDumps>) | undefined> {
    const asked = await this.askedOf(uri);
    if (!asked || asked.cluster.offline) return undefined;
    return () => dumpsOf(asked.cluster, asked.node, true);
  }

  /** The cluster and node that a document is of; undefined where it is of none that is known now. */
  private async askedOf(
    uri: vscode.Uri,
  ): Promise<{ readonly cluster: Cluster; readonly node: string } | undefined> {
    const place = placeOf(uri);
    if (!place) return undefined;
    const { cluster: key, node } = place.capture;
    const cluster = await this.sources.byKey(key).catch(() => undefined);
    return cluster && { cluster, node };
  }

  private async lookForNewer(): Promise<void> {
    for (const before of this.captures.newest()) {
      // A kubeconfig that can't be read now has no newer capture either.
      const cluster = await this.sources.byKey(before.cluster).catch(() => undefined);
      const dumps = cluster?.heldDumps(before.node);
      if (!dumps?.captured || dumps.captured <= before.captured) continue;
      if (!this.captures.isNewest(before)) continue;
      this.captures.hold(before.cluster, dumps);
      this.captured.fire((uri) => {
        const place = placeOf(uri);
        if (!place) return undefined;
        const { capture, dump } = place;
        if (!this.captures.follows(capture, before)) return undefined;
        if (capture.captured === '') return uri;
        return vscode.Uri.from(dumpUriOf(before.cluster, dumps, dump));
      });
    }
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { path } = parseDumpUri(uri);
    const permissions = vscode.FilePermission.Readonly;
    if (path.length === 3 || (path[0] === 'objects' && path.length === 2)) {
      const type = vscode.FileType.File;
      if (path[0] === 'objects') {
        this.resourceOf(uri);
        return { type, ctime: 0, mtime: this.opened, size: 0, permissions };
      }
      const { bytes, captured, stderr } = await this.dump(uri);
      const time = Date.parse(captured ?? '') || this.opened;
      const size = uri.path.endsWith('.stderr') ? Buffer.byteLength(stderr) : bytes;
      return { type, ctime: time, mtime: time, size, permissions };
    }
    await this.readDirectory(uri);
    return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const { path } = parseDumpUri(uri);
    const { Directory, File } = vscode.FileType;
    const cluster = await this.cluster(uri);
    const [folder, node, deeper] = path;
    if (deeper !== undefined) throw vscode.FileSystemError.FileNotFound(uri);
    if (folder === undefined) {
      return [
        ['nodes', Directory],
        ['objects', Directory],
      ];
    }
    if (folder === 'objects') return resources.map((resource) => [`${resource}.yaml`, File]);
    if (folder !== 'nodes') throw vscode.FileSystemError.FileNotFound(uri);
    if (node === undefined) {
      const { items } = await cluster.list('nodes');
      return items.map(({ metadata }) => [metadata.name, Directory]);
    }
    const { dumps } = await this.dumps(uri);
    const files = dumps.filter(({ problem }) => problem?.kind !== 'missing-binary');
    return files.flatMap(({ name, stderr }): [string, vscode.FileType][] => [
      [name, File],
      ...(stderr === '' ? [] : [[`${name}.stderr`, File] as [string, vscode.FileType]]),
    ]);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { path } = parseDumpUri(uri);
    if (path[0] === 'objects') return Buffer.from(await this.objects(uri));
    if (uri.path.endsWith('.stderr')) {
      const { stderr } = await this.dump(uri.with({ path: uri.path.replace(/\.stderr$/, '') }));
      return Buffer.from(stderr);
    }
    const [dump, { encode }] = await Promise.all([this.dump(uri), import('../../cluster/pieces')]);
    return encode(dump.pieces());
  }

  private async objects(uri: vscode.Uri): Promise<string> {
    const { dump } = await import('js-yaml');
    const { forSnapshot } = await import('../../cluster/snapshot/redact');
    const cluster = await this.cluster(uri);
    const items = (await cluster.manifests(this.resourceOf(uri))).map(forSnapshot);
    return dump({ apiVersion: 'v1', kind: 'List', items }, { noRefs: true, skipInvalid: true });
  }

  private resourceOf(uri: vscode.Uri): Resource {
    const name = parseDumpUri(uri).path[1] ?? '';
    const resource = resources.find((known) => name === `${known}.yaml`);
    if (!resource) throw vscode.FileSystemError.FileNotFound(uri);
    return resource;
  }

  private async cluster(uri: vscode.Uri): Promise<Cluster> {
    const cluster = await this.sources.byKey(parseDumpUri(uri).cluster);
    if (!cluster) throw vscode.FileSystemError.FileNotFound(uri);
    return cluster;
  }

  private async dump(uri: vscode.Uri) {
    const name = parseDumpUri(uri).path[2]?.replace(/\.stderr$/, '');
    const dump = (await this.dumps(uri)).dumps.find((candidate) => candidate.name === name);
    if (!dump) throw vscode.FileSystemError.FileNotFound(uri);
    return dump;
  }

  /** A capture that is held; of a snapshot also one that was open before VS Code was closed. */
  private async dumps(uri: vscode.Uri): Promise<NodeDumps> {
    const { cluster: key, path, captured } = parseDumpUri(uri);
    const node = path[1] ?? '';
    const held = this.captures.get({ cluster: key, node, captured });
    if (held) return held;
    const cluster = await this.cluster(uri);
    // An editor that VS Code opens again at its start must not send a request.
    const now =
      cluster.heldDumps(node) ?? (cluster.offline ? await cluster.dumps(node) : undefined);
    if (now && (captured === '' || captured === now.captured)) return now;
    this.captures.miss({ cluster: key, node, captured });
    void this.lookForNewer();
    throw vscode.FileSystemError.FileNotFound(
      vscode.l10n.t('This capture of {0} is no longer held: fetch the node again.', node),
    );
  }
}

/** Which dump of which capture a document is; undefined for what is no dump of a cluster. */
function placeOf(uri: vscode.Uri): { capture: Capture; dump: string } | undefined {
  if (uri.scheme !== scheme) return undefined;
  const { cluster, path, captured } = parseDumpUri(uri);
  const [folder, node, dump] = path;
  if (folder !== 'nodes' || node === undefined || dump === undefined) return undefined;
  return { capture: { cluster, node, captured }, dump };
}
