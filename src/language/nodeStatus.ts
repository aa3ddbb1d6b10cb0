import * as vscode from 'vscode';
import { partName } from '../core/partName';
import { formatReleases, type ReleaseRange } from '../core/kubeproxy/release/sign';
import type { MissingPart } from '../core/node';
import { nodeLanguages } from '../workspace/nodeLanguages';
import type { OpenNode, NodeFolders } from '../workspace/nodeFolders';
import { runInSlices } from '../workspace/slices';
import { append } from '../core/append';
import { list } from '../core/list';
import * as l10n from '@vscode/l10n';

const showFiles = 'kubeProxyInspector.showNodeFiles';

/** After a change of the dump or of the files beside it: typing changes it with each key. */
const quietMs = 600;

/**
 * Says in the status bar of which node the dump in the editor is and how many of the node's files
 * are in use; its list names each file, and for a part without one the command that would give it.
 */
export function nodeStatus(folders: NodeFolders, log: vscode.LogOutputChannel): vscode.Disposable {
  const item = vscode.window.createStatusBarItem(
    'kubeProxyInspector.node',
    vscode.StatusBarAlignment.Right,
    100,
  );
  item.name = vscode.l10n.t('Node of the dump');
  item.command = showFiles;
  let shown: OpenNode | undefined;
  let refresh: NodeJS.Timeout | undefined;

  const show = async (editor: vscode.TextEditor | undefined) => {
    const document = editor?.document;
    if (!document || !nodeLanguages.has(document.languageId)) {
      item.hide();
      return;
    }
    let reading: OpenNode | undefined;
    try {
      reading = await folders.of(document.uri);
    } catch (error) {
      log.error(`Reading the files beside ${document.uri.toString()}:`, error as Error);
    }
    if (editor !== vscode.window.activeTextEditor) return;
    shown = reading;
    if (!reading) {
      item.hide();
      return;
    }
    const files = filesOf(reading);
    const missing = reading.state.missing ?? [];
    const { name } = reading.state;
    const show = (text: string, told: string) => {
      item.text = text;
      item.tooltip = told;
      item.accessibilityInformation = { label: told };
      item.show();
    };
    const inUse = tooltip(name, files.size, missing);
    show(`$(server) ${name}`, inUse);
    const { releaseOf } = await import('../core/kubeproxy/release/judge');
    const release = await runInSlices(releaseOf(reading.state));
    // Another editor may be active by now.
    if (!release || shown !== reading || item.text !== `$(server) ${name}`) return;
    const told = [inUse, releaseSigns(release)].join('\n');
    show(`$(server) ${name} · ${formatReleases(release)}`, told);
  };

  return vscode.Disposable.from(
    item,
    vscode.window.onDidChangeActiveTextEditor((editor) => void show(editor)),
    folders.onDidChange(() => {
      clearTimeout(refresh);
      refresh = setTimeout(() => void show(vscode.window.activeTextEditor), quietMs);
    }),
    new vscode.Disposable(() => clearTimeout(refresh)),
    vscode.commands.registerCommand(showFiles, async () => {
      await show(vscode.window.activeTextEditor);
      if (shown) await pickFile(shown);
    }),
    new vscode.Disposable(startSoon(() => void show(vscode.window.activeTextEditor))),
  );
}

/** After activation, so that it costs the start nothing. */
function startSoon(start: () => void): () => void {
  const timer = setTimeout(start, 0);
  return () => clearTimeout(timer);
}

function filesOf({ parts }: OpenNode): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const part of parts) {
    for (const { path } of part.files) {
      append(files, path, part.part);
    }
  }
  return files;
}

function tooltip(name: string, files: number, missing: readonly MissingPart[]): string {
  const used =
    files === 1
      ? vscode.l10n.t('{0}: 1 file is in use', name)
      : vscode.l10n.t('{0}: {1} files are in use', name, files);
  const without = missing.map(({ part }) => partName(part));
  return without.length === 0
    ? used
    : vscode.l10n.t('{0}. Not known: {1}', used, list([...new Set(without)], 'row'));
}

/** `Rules of kube-proxy 1.31 or later, by: a counter nfacct in KUBE-FORWARD`. */
function releaseSigns(release: ReleaseRange): string {
  const signs = release.signs.map(({ text }) => text);
  const releases = formatReleases(release);
  return signs.length === 0
    ? vscode.l10n.t('Rules of kube-proxy {0}', releases)
    : vscode.l10n.t('Rules of kube-proxy {0}, by: {1}', releases, signs.join(l10n.t('; ')));
}

type FileItem = vscode.QuickPickItem & { readonly uri?: vscode.Uri };

async function pickFile(reading: OpenNode): Promise<void> {
  const used = [...filesOf(reading)].map(([path, parts]): FileItem => {
    const uri = vscode.Uri.parse(path, true);
    const label = `$(file) ${path.slice(path.lastIndexOf('/') + 1)}`;
    return { label, description: parts.join(l10n.t(', ')), uri };
  });
  const missing = (reading.state.missing ?? []).map(({ part, command, reason }): FileItem => ({
    label: `$(question) ${partName(part)}`,
    description: command,
    detail: reason,
  }));
  const picked = await vscode.window.showQuickPick<FileItem>([...used, ...missing], {
    title: vscode.l10n.t('Files of {0}', reading.state.name),
    placeHolder: vscode.l10n.t('Open a file, or see which command would give what is not known'),
    matchOnDescription: true,
  });
  if (picked?.uri) await vscode.window.showTextDocument(picked.uri);
}
