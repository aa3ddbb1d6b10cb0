import * as vscode from 'vscode';
import type { DumpKindId } from '../../syntax/dumps/kinds';
import { dumpKind } from '../../syntax/dumps/recognize';
import { filesIn, foldersIn, type FolderFile } from '../../workspace/files';

/** Folders beside or below the configuration's that are looked into. */
const mostFolders = 40;

/** A dump leads NodeFolders to its node: the first of these kinds that a folder has. */
const leading: readonly DumpKindId[] = [
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

/** A node's folder: one of its dumps, and all of its files. */
export interface NodePlace {
  readonly dump: vscode.Uri;
  readonly files: readonly FolderFile[];
}

/**
 * `node-a/kube-proxy.config.yaml` is of that node. Of a file elsewhere in a snapshot all nodes are
 * near: `NAME/node-a`, `NAME/nodes/node-a`, from `NAME` and from `NAME/objects`.
 */
export async function nodesNear(uri: vscode.Uri): Promise<readonly NodePlace[]> {
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

/** The node whose dumps lie in a folder. */
export async function nodeIn(folder: vscode.Uri): Promise<NodePlace | undefined> {
  const files = await filesIn(folder);
  for (const kind of leading) {
    const file = files.find(({ uri, size }) => size > 0 && dumpKind(uri.path, '') === kind);
    if (file) return { dump: file.uri, files };
  }
  return undefined;
}
