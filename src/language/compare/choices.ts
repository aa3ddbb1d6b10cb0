import * as vscode from 'vscode';
import { dumpKind } from '../../syntax/dumps/recognize';
import { rulesRank } from '../../syntax/node/rulesRank';
import { openDumps } from '../../workspace/dumpAtHand';
import { fileNamesIn, isInFolder, lastPart, parentOf } from '../../workspace/files';
import { nodesBeside } from '../../workspace/nodesBeside';
import type { NodesOfFiles } from '../../workspace/nodesOfFiles';

interface Choice extends vscode.QuickPickItem {
  readonly uri?: vscode.Uri;
}

/**
 * With what a dump is to be compared: another node's that lies beside, one that is open, or a file
 * or a folder from anywhere.
 */
export async function chooseOther(
  dump: vscode.Uri,
  named: NodesOfFiles,
): Promise<vscode.Uri | undefined> {
  const choices = new Map<string, Choice>();
  const add = (uri: vscode.Uri, label: string) => {
    if (uri.toString() === dump.toString() || choices.has(uri.toString())) return;
    const description = vscode.workspace.asRelativePath(uri);
    choices.set(uri.toString(), { label, description, uri });
  };
  for (const { name, uri } of await nodesBeside(dump, named)) add(uri, name);
  for (const uri of await dumpsBeside(dump)) add(uri, lastPart(uri));
  for (const uri of openDumps()) add(uri, lastPart(uri));
  const browse: Choice = { label: vscode.l10n.t('A File or Folder...') };
  const chosen = await vscode.window.showQuickPick([...choices.values(), browse], {
    placeHolder: vscode.l10n.t('Compare {0} with what?', lastPart(dump)),
    matchOnDescription: true,
  });
  if (!chosen) return undefined;
  if (chosen.uri) return chosen.uri;
  const [picked] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: true,
      canSelectFolders: true,
      canSelectMany: false,
      openLabel: vscode.l10n.t('Compare'),
    })) ?? [];
  return picked && dumpOf(picked);
}

/** Other dumps of rules in the same folder: of another node or another time, by whatever name. */
async function dumpsBeside(dump: vscode.Uri): Promise<readonly vscode.Uri[]> {
  if (!isInFolder(dump)) return [];
  const folder = parentOf(dump);
  const kind = dumpKind(dump.path, '');
  return (await fileNamesIn(folder))
    .filter((name) => dumpKind(name, '') === kind && kind !== 'unknown')
    .map((name) => vscode.Uri.joinPath(folder, name));
}

/** The dump itself, or the one in a folder that tells most of Services. */
export async function dumpOf(uri: vscode.Uri): Promise<vscode.Uri | undefined> {
  const { type } = await vscode.workspace.fs.stat(uri);
  if (!(type & vscode.FileType.Directory)) return uri;
  const names = await fileNamesIn(uri);
  const ranked = names
    .flatMap((name) => {
      const rank = rulesRank(name) ?? (dumpKind(name, '') === 'unknown' ? undefined : 9);
      return rank === undefined ? [] : [{ name, rank }];
    })
    .sort((one, two) => one.rank - two.rank);
  const [best] = ranked;
  if (best) return vscode.Uri.joinPath(uri, best.name);
  const message = vscode.l10n.t('{0} holds no dump of a node.', lastPart(uri));
  void vscode.window.showInformationMessage(message);
  return undefined;
}
