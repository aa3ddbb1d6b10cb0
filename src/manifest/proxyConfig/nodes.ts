import * as vscode from 'vscode';
import type { ProxyLog, ProxyNode } from '../../core/proxyconfig/node';
import { proxyVersion } from '../../core/proxyconfig/version';
import { dumpKind, type DumpKind } from '../../syntax/dumpKind';
import { filesIn, foldersIn, readText, type FolderFile } from '../../workspace/files';
import type { NodeFolders } from '../../workspace/nodeFolders';

/** Nodes that are read at most: their dumps may be large, and a configuration is the same for all. */
const mostNodes = 5;
/** Folders beside or below the configuration's that are looked into. */
const mostFolders = 40;
/** A longer log is not read, in bytes. */
const mostLog = 8 << 20;

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
    const log = await readLog(files);
    const nft = parts.find(({ part }) => part === 'nftables')?.files[0];
    const timeouts = files.find(({ uri }) => dumpKind(uri.path, '') === 'ipvsadm-timeout');
    return {
      state,
      objects,
      log,
      version: proxyVersion(state.name, objects, log?.version),
      nftables: nft && (await readTables(vscode.Uri.parse(nft.path, true))),
      timeouts: timeouts && (await readTimeouts(timeouts.uri)),
    };
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

async function readLog(files: readonly FolderFile[]): Promise<ProxyLog | undefined> {
  const isLog = ({ uri, size }: FolderFile) =>
    /\/kube-proxy[\w-]*\.log$/.test(uri.path) && size <= mostLog;
  const file = files.find(isLog);
  if (!file) return undefined;
  const { readProxyLog } = await import('../../syntax/kubeproxy/log');
  return readProxyLog(await readText(file.uri), file.uri.toString());
}

async function readTables(uri: vscode.Uri): Promise<ProxyNode['nftables']> {
  const { readProxyTables } = await import('../../syntax/kubeproxy/nftablesTables');
  return readProxyTables(await readText(uri), uri.toString());
}

async function readTimeouts(uri: vscode.Uri): Promise<ProxyNode['timeouts']> {
  const { parseIpvsTimeouts } = await import('../../syntax/ipvs/statistics');
  return parseIpvsTimeouts(await readText(uri));
}
