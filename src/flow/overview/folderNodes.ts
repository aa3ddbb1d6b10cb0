import * as vscode from 'vscode';
import { baseName, dumpKind } from '../../syntax/dumps/recognize';
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
      known = await nodesBeside(uri, folders.named);
      return known.map(({ name }) => ({ name, held: true }));
    },
    capture: () => undefined,
    services: () => source.services(uri, new vscode.CancellationTokenSource().token),
    objects: async () => (isInFolder(uri) ? readObjectsNear(parentOf(uri)) : undefined),
    captured: async () => (await folders.of(uri)).objects,
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
      const subscriptions: vscode.Disposable[] = [folders.onDidChange(changed)];
      if (uri.scheme === 'file') {
        // Captures that other programs take; objects lie beside the nodes, or one folder above.
        for (const [place, pattern] of [
          ['../..', '*/*'],
          ['../../..', 'objects/*'],
        ] as const) {
          const base = vscode.Uri.joinPath(uri, place);
          const watcher = vscode.workspace.createFileSystemWatcher(
            new vscode.RelativePattern(base, pattern),
          );
          const onDisk = (file: vscode.Uri) => folders.forget(file);
          watcher.onDidChange(onDisk);
          watcher.onDidCreate(onDisk);
          subscriptions.push(watcher);
        }
      }
      return vscode.Disposable.from(...subscriptions);
    },
  };
}
