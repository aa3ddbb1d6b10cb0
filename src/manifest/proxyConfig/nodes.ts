import * as vscode from 'vscode';
import type { NftablesProxyTable, ProxyLog, ProxyNode } from '../../core/proxyconfig/node';
import { proxyVersion } from '../../core/proxyconfig/version';
import { dumpKind, type DumpKind } from '../../syntax/dumpKind';
import { parseLinesInSlices } from '../../syntax/lines';
import { filesIn, foldersIn, readText, type FolderFile } from '../../workspace/files';
import type { NodeFolders } from '../../workspace/nodeFolders';
import { pause } from '../../workspace/slices';

/** Nodes that are read at most: their dumps may be large, and a configuration is the same for all. */
const mostNodes = 5;
/** Folders beside or below the configuration's that are looked into. */
const mostFolders = 40;
/** A longer log is not read, in bytes. */
const mostLog = 8 << 20;
const readingsKept = 20;

/** The nodes that a configuration is compared with. */
export interface NearNodes {
  readonly nodes: readonly ProxyNode[];
  /** Nodes near it that are not among them. */
  readonly more: number;
}

/** A dump leads NodeFolders to its node: the first of these kinds that a folder has. */
const leading: readonly DumpKind[] = [
  'iptables-save',
  'ip6tables-save',
  'proc-ip_vs',
  'ipvsadm-Ln',
  'ipvsadm-Sn',
  'ipset-save',
  'ipset-list',
  'nft',
  'iptables-L',
  'iptables-S',
  'ip-addr',
];

/** Reads the nodes whose dumps lie near a configuration: beside it, else one or two folders below. */
export class ConfigNodes {
  /** What was read of files, by their address, size and time. */
  private readonly kept = new Map<string, Promise<unknown>>();

  constructor(
    private readonly folders: NodeFolders,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Those of a snapshot around the file; none for a text without a folder. */
  async near(uri: vscode.Uri): Promise<NearNodes> {
    const found = uri.scheme === 'untitled' ? [] : await nodesNear(uri);
    const nodes: ProxyNode[] = [];
    for (const node of found.slice(0, mostNodes)) {
      try {
        nodes.push(await this.read(node));
      } catch (error) {
        this.log.error(`Reading the dumps beside ${node.dump.toString()}:`, error as Error);
      }
    }
    return { nodes, more: found.length - Math.min(found.length, mostNodes) };
  }

  private async read({ dump, files }: NodePlace): Promise<ProxyNode> {
    const { state, objects, parts } = await this.folders.of(dump);
    const nft = parts.find(({ part }) => part === 'nftables')?.files[0]?.path;
    const fileOf = (wanted: (file: FolderFile) => boolean) => files.find(wanted);
    const [log, nftables, timeouts] = await Promise.all([
      this.readOnce(fileOf(isLog), readLog),
      this.readOnce(
        fileOf(({ uri }) => uri.toString() === nft),
        readTables,
      ),
      this.readOnce(
        fileOf(({ uri }) => dumpKind(uri.path, '') === 'ipvsadm-timeout'),
        readTimeouts,
      ),
    ]);
    const version = proxyVersion(state.name, objects, log?.version);
    return { state, objects, log, version, nftables, timeouts };
  }

  private async readOnce<T>(
    file: FolderFile | undefined,
    read: (uri: vscode.Uri) => Promise<T>,
  ): Promise<T | undefined> {
    if (!file) return undefined;
    const key = `${file.uri.toString()} ${file.size} ${file.mtime}`;
    const reading = (this.kept.get(key) as Promise<T> | undefined) ?? read(file.uri);
    this.kept.delete(key);
    this.kept.set(key, reading);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= readingsKept) break;
      this.kept.delete(oldest);
    }
    try {
      return await reading;
    } catch (error) {
      this.kept.delete(key);
      throw error;
    }
  }
}

interface NodePlace {
  readonly dump: vscode.Uri;
  readonly files: readonly FolderFile[];
}

/**
 * `node-a/kube-proxy.config.yaml` is of that node. Of a file elsewhere in a snapshot all nodes are
 * near: `NAME/node-a`, `NAME/nodes/node-a`, from `NAME` and from `NAME/objects`.
 */
async function nodesNear(uri: vscode.Uri): Promise<readonly NodePlace[]> {
  const folder = vscode.Uri.joinPath(uri, '..');
  const own = await nodeIn(folder);
  if (own) return [own];
  const around = /\/objects$/.test(folder.path) ? vscode.Uri.joinPath(folder, '..') : folder;
  for (const parent of [vscode.Uri.joinPath(around, 'nodes'), around]) {
    const inside = (await foldersIn(parent)).slice(0, mostFolders);
    const nodes = await Promise.all(inside.map(nodeIn));
    const found = nodes.filter((node) => node !== undefined);
    if (found.length > 0) return found;
  }
  return [];
}

async function nodeIn(folder: vscode.Uri): Promise<NodePlace | undefined> {
  const files = await filesIn(folder);
  for (const kind of leading) {
    const file = files.find(({ uri, size }) => size > 0 && dumpKind(uri.path, '') === kind);
    if (file) return { dump: file.uri, files };
  }
  return undefined;
}

function isLog({ uri, size }: FolderFile): boolean {
  return /\/kube-proxy[\w-]*\.log$/.test(uri.path) && size <= mostLog;
}

async function readLog(uri: vscode.Uri): Promise<ProxyLog> {
  const { proxyLogParser } = await import('../../syntax/kubeproxy/log');
  const parser = proxyLogParser(uri.toString());
  return (await parseLinesInSlices(await readText(uri), parser, pause)).value;
}

async function readTables(uri: vscode.Uri): Promise<readonly NftablesProxyTable[]> {
  const { proxyTablesParser } = await import('../../syntax/kubeproxy/nftablesTables');
  const parser = proxyTablesParser(uri.toString());
  return (await parseLinesInSlices(await readText(uri), parser, pause)).value;
}

async function readTimeouts(uri: vscode.Uri): Promise<ProxyNode['timeouts']> {
  const { parseIpvsTimeouts } = await import('../../syntax/ipvs/statistics');
  return parseIpvsTimeouts(await readText(uri));
}
