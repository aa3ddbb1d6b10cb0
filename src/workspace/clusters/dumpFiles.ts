import * as vscode from 'vscode';
import { resources, type Cluster, type NodeDumps, type Resource } from '../../cluster/cluster';
import { clusterKey, dumpUriParts, parseDumpUri } from './dumpUri';
import type { Sources } from './sources';

/** Captures that stay readable after newer ones were taken, for the editors that show them. */
const mostCaptures = 16;

/**
 * Dumps and objects of any cluster as read-only files, laid out like a snapshot, so that whoever
 * reads a dump finds the others of its node beside it:
 * `kube-proxy-dump:/CLUSTER/nodes/NODE/iptables-save.txt`, `/CLUSTER/objects/services.yaml`.
 */
export class DumpFiles implements vscode.FileSystemProvider {
  private readonly captures = new Map<string, NodeDumps>();
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly opened = Date.now();

  readonly onDidChangeFile = this.changed.event;

  constructor(private readonly sources: Sources) {}

  /** The document of a dump; its capture stays readable from now on. */
  uriOf(cluster: Cluster, dumps: NodeDumps, dump: string): vscode.Uri {
    const key = captureKey(clusterKey(cluster), dumps.node, dumps.captured);
    this.captures.delete(key);
    this.captures.set(key, dumps);
    for (const oldest of this.captures.keys()) {
      if (this.captures.size <= mostCaptures) break;
      this.captures.delete(oldest);
    }
    return vscode.Uri.from(dumpUriParts(cluster, dumps, dump));
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
    const dump = await this.dump(uri);
    return Buffer.from(await dump.read());
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
    const held = this.captures.get(captureKey(key, node, captured));
    if (held) return held;
    const cluster = await this.cluster(uri);
    // An editor that VS Code opens again at its start must not send a request.
    const now =
      cluster.heldDumps(node) ?? (cluster.offline ? await cluster.dumps(node) : undefined);
    if (now && (captured === '' || captured === now.captured)) return now;
    throw vscode.FileSystemError.FileNotFound(
      vscode.l10n.t('This capture of {0} is no longer held: fetch the node again.', node),
    );
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}

function captureKey(cluster: string, node: string, captured = ''): string {
  return `${cluster}/${node}/${captured}`;
}
