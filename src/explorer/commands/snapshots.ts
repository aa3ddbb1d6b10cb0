import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Cluster } from '../../cluster/cluster';
import { registerCommand } from '../../workspace/command';
import { nodeOf, type ExplorerContext } from '../context';
import { list } from '../../core/list';
import { chooseCluster } from './chooseCluster';

/** "Open Snapshot...", "Open Bundle...", "Close Snapshot", "Capture Snapshot...". */
export function registerSnapshots(context: ExplorerContext): vscode.Disposable[] {
  const { sources, log } = context;
  return [
    registerCommand(log, 'kubeProxyInspector.openSnapshot', async (argument) => {
      const folder = argument instanceof vscode.Uri ? argument : await chooseFolder();
      if (!folder) return;
      const { openSnapshot } = await import('../../cluster/snapshot/snapshot');
      // Rejects with the reason when it is none.
      await openSnapshot(folder.fsPath).info();
      await sources.remember(folder.fsPath);
    }),
    registerCommand(log, 'kubeProxyInspector.openBundle', async (argument) => {
      const archive = argument instanceof vscode.Uri ? argument : await chooseArchive();
      if (archive) await openBundle(context, archive);
    }),
    registerCommand(log, 'kubeProxyInspector.copyBundleCommand', async (argument) => {
      const target = nodeOf(context, argument)?.target;
      if (target?.kind === 'bundle' && target.ask !== undefined) await copyCommand(target.ask);
    }),
    registerCommand(log, 'kubeProxyInspector.closeSnapshot', async (argument) => {
      const target = nodeOf(context, argument)?.target;
      if (target?.kind !== 'cluster' || target.folder === undefined) return;
      await sources.forget(target.folder);
    }),
    registerCommand(log, 'kubeProxyInspector.captureSnapshot', async (argument) => {
      const target = nodeOf(context, argument)?.target;
      const asked = vscode.l10n.t('Capture which cluster?');
      const cluster = target?.cluster ?? (await chooseCluster(context, asked));
      if (cluster)
        await capture(context, cluster, target?.kind === 'node' ? [target.node] : undefined);
    }),
  ];
}

/**
 * Opens a support bundle, and says what is in it and what is missing.
 *
 * @throws ClusterError when it is no archive, or nothing of it is known
 */
async function openBundle(
  { sources }: Pick<ExplorerContext, 'sources'>,
  archive: vscode.Uri,
): Promise<void> {
  const { openSnapshot } = await import('../../cluster/snapshot/snapshot');
  const { bundle } = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Reading {0}', vscode.workspace.asRelativePath(archive)),
      cancellable: true,
    },
    (_progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return openSnapshot(archive.fsPath).info(controller.signal);
    },
  );
  await sources.remember(archive.fsPath);
  await vscode.commands.executeCommand('kubeProxyInspector.explorer.focus');
  if (!bundle || bundle.missing.length === 0) return;
  const { title, missing, ask } = bundle;
  const message = vscode.l10n.t(
    '{0}: missing for a full answer: {1}.',
    title,
    list(missing, 'row'),
  );
  const copy = vscode.l10n.t('Copy Command for the Sender');
  // Not waited for: it may stay for long.
  void vscode.window.showInformationMessage(message, ...(ask ? [copy] : [])).then((answer) => {
    if (answer === copy && ask) void copyCommand(ask);
  });
}

async function copyCommand(command: string): Promise<void> {
  await vscode.env.clipboard.writeText(command);
  vscode.window.setStatusBarMessage(vscode.l10n.t('The command is in the clipboard.'), 3000);
}

async function chooseArchive(): Promise<vscode.Uri | undefined> {
  const [archive] =
    (await vscode.window.showOpenDialog({
      canSelectFolders: false,
      canSelectFiles: true,
      filters: {
        [vscode.l10n.t('Archives')]: ['tgz', 'gz', 'xz', 'txz', 'tar', 'zip', 'zst', 'bz2'],
      },
      openLabel: vscode.l10n.t('Open Bundle'),
    })) ?? [];
  return archive;
}

async function chooseFolder(): Promise<vscode.Uri | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: vscode.l10n.t('Open Snapshot'),
    })) ?? [];
  return folder;
}

async function capture(
  { sources }: ExplorerContext,
  cluster: Cluster,
  nodes: readonly string[] | undefined,
): Promise<void> {
  const folder = await chooseTarget(cluster);
  if (!folder) return;
  const { captureSnapshot } = await import('../../cluster/snapshot/capture');
  const missing = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Capturing {0}', cluster.title),
      cancellable: true,
    },
    (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return captureSnapshot(cluster, folder.fsPath, {
        nodes,
        signal: controller.signal,
        onProgress: (message) => progress.report({ message }),
      });
    },
  );
  await sources.remember(folder.fsPath);
  const reveal = vscode.l10n.t('Reveal Folder');
  const message =
    missing.length === 0
      ? vscode.l10n.t('Captured {0}.', cluster.title)
      : vscode.l10n.t(
          'Captured {0}, but not all: {1} Its cluster.yaml lists what is missing.',
          cluster.title,
          missing[0] ?? '',
        );
  const show = missing.length === 0 ? 'showInformationMessage' : 'showWarningMessage';
  if ((await vscode.window[show](message, reveal)) === reveal) {
    await vscode.commands.executeCommand('revealFileInOS', folder);
  }
}

/** The name of a folder that does not exist yet. */
async function chooseTarget({ title }: Cluster): Promise<vscode.Uri | undefined> {
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  const base = workspace?.uri.scheme === 'file' ? workspace.uri : vscode.Uri.file(homedir());
  const time = new Date().toISOString().slice(0, 16).replace(/[:T]/g, '-');
  const name = `${title.replace(/[^\w.-]+/g, '_')}-${time}`;
  return vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(base, name),
    saveLabel: vscode.l10n.t('Capture'),
    title: vscode.l10n.t('A new folder for the snapshot'),
  });
}
