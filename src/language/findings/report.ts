import * as vscode from 'vscode';
import { dumpAtHand, openDumps } from '../../workspace/dumpAtHand';
import { registerCommand } from '../../workspace/command';
import { readText } from '../../workspace/files';
import type { NodeFolders } from '../../workspace/nodeFolders';
import { pageOf } from './nodeFindings';
import { readAsked, type Asked } from './asked';
import { serviceOfDump, withNodesBeside } from './choices';
import type { Page } from './page';

const scheme = 'kube-proxy-report';

/**
 * "What is wrong here?": a page on the node of a dump, on several nodes, or on one Service, beside
 * the editor; and the same to copy.
 */
export function registerReport(
  folders: NodeFolders,
  extensionUri: vscode.Uri,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const pages = new Map<string, Page>();
  let last: Page | undefined;
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    provideTextDocumentContent: async ({ path }) => {
      const [, code] = /^\/findings\/([\w-]+)\.md$/.exec(path) ?? [];
      if (code === undefined) return pages.get(path)?.text ?? '';
      return readText(pageOf(extensionUri, code));
    },
  };
  const write = async (asked: Asked | undefined) =>
    asked && (await import('./page')).writePage(asked, folders);
  const show = async (asked: Asked | undefined) => {
    const page = await write(asked);
    if (!page) return;
    const path = `/${page.title.replaceAll('/', '-')}.md`;
    pages.set(path, page);
    last = page;
    const uri = vscode.Uri.from({ scheme, path });
    changed.fire(uri);
    await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
  };

  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, provider),
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
      // With a page in front no editor is active: that page is meant.
      const isPage = argument === undefined && !vscode.window.activeTextEditor;
      const page = (isPage ? last : undefined) ?? (await write(await readAsked(argument)));
      if (!page) return;
      await vscode.env.clipboard.writeText(page.text);
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
