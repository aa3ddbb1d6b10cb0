import * as vscode from 'vscode';
import { dumpAtHand, openDumps } from '../../workspace/dumpAtHand';
import { registerCommand } from '../../workspace/command';
import type { MarkdownPages } from '../../workspace/markdownPages';
import type { NodeFolders } from '../../workspace/nodeFolders';
import { readAsked, type Asked } from './asked';
import { serviceOfDump, withNodesBeside } from './choices';

/**
 * "What is wrong here?": a page on the node of a dump, on several nodes, or on one Service, beside
 * the editor; and the same to copy.
 */
export function registerReport(
  folders: NodeFolders,
  pages: MarkdownPages,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const write = async (asked: Asked | undefined) =>
    asked && (await import('./page')).writePage(asked, folders);
  const show = async (asked: Asked | undefined) => {
    const page = await write(asked);
    if (page) await pages.show(page.title, page.text);
  };

  return vscode.Disposable.from(
    registerCommand(log, 'kubeProxyInspector.whatIsWrong', async (argument) =>
      show(await readAsked(argument)),
    ),
    registerCommand(log, 'kubeProxyInspector.whatIsWrongWithService', () =>
      ofDumpOrCluster(async (dump) => show(await serviceOfDump(dump, folders))),
    ),
    registerCommand(log, 'kubeProxyInspector.whatIsWrongOnAllNodes', () =>
      ofDumpOrCluster(async (dump) => show(await withNodesBeside(dump, folders))),
    ),
    registerCommand(log, 'kubeProxyInspector.copyWhatIsWrong', async (argument) => {
      const inFront = argument === undefined ? pages.inFront() : undefined;
      const text = inFront ?? (await write(await readAsked(argument)))?.text;
      if (text === undefined) return;
      await vscode.env.clipboard.writeText(text);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Copied as Markdown'), 3000);
    }),
  );
}

/** By the dump at hand; where none is open, the explorer asks for a cluster and a Service. */
async function ofDumpOrCluster(use: (dump: vscode.Uri) => Promise<void>): Promise<void> {
  if (openDumps().length === 0) {
    await vscode.commands.executeCommand('kubeProxyInspector.explorer.whatIsWrong');
    return;
  }
  const dump = await dumpAtHand();
  if (dump) await use(dump);
}
