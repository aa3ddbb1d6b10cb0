import * as vscode from 'vscode';
import { list } from '../core/list';
import { plainText } from '../core/plainText';
import { kindOf } from '../syntax/dumps/kinds';
import type { DumpFile } from '../syntax/node/dumpFile';
import { groupNodes } from '../syntax/node/nodeFolder';
import { isUndecided, proposedNodes, type FileOfNode } from '../syntax/node/undecidedFiles';
import { filesIn, lastPart, pathOf } from '../workspace/files';
import { readHeads, type FolderDumps } from '../workspace/folderDumps';
import type { NodeFolders } from '../workspace/nodeFolders';
import type { NodeOfFile } from '../workspace/nodesOfFiles';

/** No node's name is longer (RFC 1123). */
const longestName = 253;

/** Asks once about a flat folder whose files are of several nodes that their names do not tell. */
export function askAboutFolders(
  folders: NodeFolders,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return folders.onDidReadHeads((read) => {
    if (folders.named.wasAsked(read.folder) || !isUndecided(byName(read.dumps))) return;
    ask(read, folders).catch((error: unknown) => log.error('Asking for nodes:', error as Error));
  });
}

async function ask({ folder }: FolderDumps, folders: NodeFolders): Promise<void> {
  await folders.named.setAsked(folder);
  const set = vscode.l10n.t('Set Nodes...');
  const message = vscode.l10n.t(
    'The dumps of this folder seem to be of several nodes, and the names of the files do not tell of which.',
  );
  const answer = await vscode.window.showInformationMessage(message, set);
  if (answer === set) await setNodesOfFolder(folder, folders);
}

type Item = vscode.QuickPickItem & {
  readonly file?: FileOfNode;
  readonly does?: 'apply' | 'forget';
};

/** Shows the folder's dumps with their nodes until the user takes them, or leaves all as it was. */
export async function setNodesOfFolder(folder: vscode.Uri, folders: NodeFolders): Promise<void> {
  const { named } = folders;
  const dumps = byName((await readHeads(await filesIn(folder))).dumps);
  const pathIn = (name: string) => pathOf(vscode.Uri.joinPath(folder, name));
  const givenNode = (name: string) => named.nodeOf(pathIn(name))?.name;
  const given = dumps.some(({ path }) => givenNode(path) !== undefined);
  const asNow = given || !isUndecided(dumps);
  let files = asNow
    ? groupNodes(dumps, lastPart(folder), givenNode).flatMap((node) =>
        node.files
          .filter(({ kind }) => kindOf(kind)?.part !== undefined)
          .map(({ path, kind }): FileOfNode => ({ path, kind, node: node.name })),
      )
    : proposedNodes(dumps);
  for (;;) {
    const picked = await pick(files, given);
    if (!picked) return;
    if (picked.does === 'forget')
      return named.set(new Map(dumps.map(({ path }) => [pathIn(path), undefined])));
    if (picked.does === 'apply') {
      const nodes = files.map(({ path, kind, node }): [string, NodeOfFile] => [
        pathIn(path),
        { name: node, kind },
      ]);
      return named.set(new Map(nodes));
    }
    const { file } = picked;
    const node = file && (await askNode(file, files));
    if (node) files = files.map((one) => (one === file ? { ...one, node } : one));
  }
}

async function pick(files: readonly FileOfNode[], given: boolean): Promise<Item | undefined> {
  const nodes = new Set(files.map(({ node }) => node));
  const items: Item[] = [
    {
      label: `$(check) ${vscode.l10n.t('Use These Nodes')}`,
      description: shown(list(nodes, 'row')),
      does: 'apply',
    },
    ...files.map((file) => ({
      label: shown(file.path),
      description: shown(file.node),
      file,
    })),
  ];
  if (given) {
    const label = `$(discard) ${vscode.l10n.t('As the Names of the Files Tell')}`;
    items.push({ label, does: 'forget' });
  }
  return vscode.window.showQuickPick<Item>(items, {
    title: vscode.l10n.t('Which File Is of Which Node?'),
    placeHolder: vscode.l10n.t('Choose a file to change its node'),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
}

/** One of the nodes at hand, or a name that the user types. */
async function askNode(
  file: FileOfNode,
  files: readonly FileOfNode[],
): Promise<string | undefined> {
  const title = vscode.l10n.t('Node of {0}', shown(file.path));
  const known = [...new Set(files.map(({ node }) => node))];
  const another = { label: `$(add) ${vscode.l10n.t('Another node...')}`, node: undefined };
  const picked = await vscode.window.showQuickPick(
    [...known.map((node) => ({ label: shown(node), node })), another],
    { title, ignoreFocusOut: true },
  );
  if (picked !== another) return picked?.node;
  const typed = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('The name of the node: other dumps of it can be added under it.'),
    value: file.node,
    ignoreFocusOut: true,
  });
  return typed?.trim().slice(0, longestName) || undefined;
}

/** Names as they are in the folder: an address has `%20` for a blank. */
function byName(dumps: readonly DumpFile[]): readonly DumpFile[] {
  return dumps.map((dump) => ({ ...dump, path: lastPart(vscode.Uri.parse(dump.path, true)) }));
}

/** A name as it is: `$(flame)` in a file's name is no icon. */
function shown(name: string): string {
  return plainText(name).replaceAll('$(', '$\u200b(');
}
