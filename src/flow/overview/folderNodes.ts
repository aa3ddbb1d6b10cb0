import * as vscode from 'vscode';
import { baseName, dumpKind } from '../../syntax/dumpKind';
import { isInFolder, parentOf } from '../../workspace/files';
import type { NodeFolders } from '../../workspace/nodeFolders';
import { nodesBeside, type NodeOfDump } from '../../workspace/nodesBeside';
import { readObjectsNear } from '../../workspace/objects';
import type { FlowSource } from '../source';
import type { OverviewNodes } from './nodes';

/** The nodes whose folders lie beside a dump's. */
export function folderNodes(
  uri: vscode.Uri,
  folders: NodeFolders,
  source: FlowSource,
): OverviewNodes {
  let known: readonly NodeOfDump[] = [];
  const uriOf = (node: string) => known.find(({ name }) => name === node)?.uri ?? uri;
  return {
    family: dumpKind(baseName(uri.path), '') === 'ip6tables-save' ? 6 : 4,
    async list() {
      known = await nodesBeside(uri);
      return known.map(({ name }) => ({ name, held: true }));
    },
    capture: () => undefined,
    services: () => source.services(uri, new vscode.CancellationTokenSource().token),
    objects: async () => (isInFolder(uri) ? readObjectsNear(parentOf(uri)) : undefined),
    state: async (node) => (await folders.of(uriOf(node))).state,
    dump: (node) => Promise.resolve(uriOf(node)),
    onDidChange(listener) {
      const changed = ({ path }: vscode.Uri) => {
        const folder = path.slice(0, path.lastIndexOf('/'));
        if (folder.endsWith('/objects')) listener(undefined);
        for (const { name, uri: dump } of known) {
          if (parentOf(dump).path === folder) listener(name);
        }
      };
      const subscriptions = [folders.onDidChange(changed)];
      if (uri.scheme === 'file') {
        // Captures that are taken by other programs; one folder above that of the nodes.
        const top = vscode.Uri.joinPath(uri, '../..');
        const watcher = vscode.workspace.createFileSystemWatcher(
          new vscode.RelativePattern(top, '*/*'),
        );
        watcher.onDidChange(changed);
        watcher.onDidCreate(changed);
        subscriptions.push(watcher);
      }
      return vscode.Disposable.from(...subscriptions);
    },
  };
}
