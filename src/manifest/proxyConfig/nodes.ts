import * as vscode from 'vscode';
import { parseIpvsTimeouts } from '../../syntax/ipvs/statistics';
import { proxyLogParser } from '../../syntax/kubeproxy/log';
import type { Cluster } from '../../cluster/cluster';
import type { ProxyNode } from '../../core/proxyconfig/node';
import type { ProxyLog } from '../../core/proxyconfig/log';
import { proxyVersion } from '../../core/proxyconfig/version';
import { dumpKind } from '../../syntax/dumps/recognize';
import { parseLinesInSlices } from '../../syntax/lines';
import type { DumpFiles } from '../../workspace/clusters/dumpFiles';
import { readText, type FolderFile } from '../../workspace/files';
import type { NodeFolders } from '../../workspace/nodeFolders';
import { pause } from '../../workspace/slices';
import type { ClusterChoice } from '../clusterChoice';
import { nodeIn, nodesNear, type NodePlace } from './places';
import { keepLatest } from '../../workspace/keepLatest';

/** Nodes that are read at most: their dumps may be large, and a configuration is the same for all. */
const mostNodes = 5;
/** A longer log is not read, in bytes. */
const mostLog = 8 << 20;
const readingsKept = 20;

/** The nodes that a configuration is compared with. */
export interface ComparedNodes {
  readonly nodes: readonly ProxyNode[];
  /** Nodes that could be compared but are not among them. */
  readonly more: number;
  /** The cluster whose dumps they are, where none lie near the file. */
  readonly cluster?: string;
}

/** Reads the nodes that a configuration may be of. */
export class ConfigNodes {
  /** What was read of files, by their address, size and time. */
  private readonly kept = new Map<string, Promise<unknown>>();

  constructor(
    private readonly folders: NodeFolders,
    private readonly choice: ClusterChoice,
    private readonly files: DumpFiles,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Those whose dumps lie near: of a snapshot around the file, or beside it. */
  async near(uri: vscode.Uri): Promise<ComparedNodes> {
    return this.readAll(uri.scheme === 'untitled' ? [] : await nodesNear(uri));
  }

  /** The same, else those of the manifest's cluster whose dumps are held, or are files: none is fetched. */
  async nearOrHeld(uri: vscode.Uri): Promise<ComparedNodes> {
    const near = await this.near(uri);
    if (near.nodes.length > 0) return near;
    try {
      const cluster = (await this.choice.of(uri))?.cluster;
      const found = cluster && this.choice.mayAsk(cluster) && (await this.held(cluster));
      return found && found.nodes.length > 0 ? found : near;
    } catch (error) {
      this.log.error('Reading the dumps that are held:', error as Error);
      return near;
    }
  }

  private async held(cluster: Cluster): Promise<ComparedNodes> {
    const names = cluster.offline
      ? (await cluster.list('nodes')).items.map(({ metadata }) => metadata.name)
      : cluster.heldNodes();
    const places: NodePlace[] = [];
    for (const name of names.slice(0, mostNodes)) {
      try {
        const held = cluster.heldDumps(name);
        const capture = held ?? (cluster.offline ? await cluster.dumps(name) : undefined);
        if (!capture) continue;
        const dump = this.files.uriOf(cluster, capture, capture.dumps[0]?.name ?? '');
        const place = await nodeIn(vscode.Uri.joinPath(dump, '..'));
        if (place) places.push(place);
      } catch {
        // A Node object without dumps: the snapshot has none of it.
      }
    }
    const { nodes } = await this.readAll(places);
    return { nodes, more: Math.max(0, names.length - mostNodes), cluster: cluster.title };
  }

  private async readAll(places: readonly NodePlace[]): Promise<ComparedNodes> {
    const nodes: ProxyNode[] = [];
    for (const place of places.slice(0, mostNodes)) {
      try {
        nodes.push(await this.read(place));
      } catch (error) {
        this.log.error(`Reading the dumps beside ${place.dump.toString()}:`, error as Error);
      }
    }
    return { nodes, more: places.length - Math.min(places.length, mostNodes) };
  }

  private async read({ dump, files }: NodePlace): Promise<ProxyNode> {
    const { state, objects } = await this.folders.of(dump);
    const fileOf = (wanted: (file: FolderFile) => boolean) => files.find(wanted);
    const [log, timeouts] = await Promise.all([
      this.readOnce(fileOf(isLog), readLog),
      this.readOnce(
        fileOf(({ uri }) => dumpKind(uri.path, '') === 'ipvsadm-timeout'),
        readTimeouts,
      ),
    ]);
    const version = proxyVersion(state.name, objects, log?.version);
    return { state, objects, log, version, timeouts };
  }

  private async readOnce<T>(
    file: FolderFile | undefined,
    read: (uri: vscode.Uri) => Promise<T>,
  ): Promise<T | undefined> {
    if (!file) return undefined;
    const key = `${file.uri.toString()} ${file.size} ${file.mtime}`;
    const reading = (this.kept.get(key) as Promise<T> | undefined) ?? read(file.uri);
    void keepLatest(this.kept, key, reading, readingsKept);
    try {
      return await reading;
    } catch (error) {
      this.kept.delete(key);
      throw error;
    }
  }
}

function isLog({ uri, size }: FolderFile): boolean {
  return /\/kube-proxy[\w-]*\.log$/.test(uri.path) && size <= mostLog;
}

async function readLog(uri: vscode.Uri): Promise<ProxyLog> {
  const parser = proxyLogParser(uri.toString());
  return (await parseLinesInSlices(await readText(uri), parser, pause)).value;
}

async function readTimeouts(uri: vscode.Uri): Promise<ProxyNode['timeouts']> {
  return parseIpvsTimeouts(await readText(uri));
}
