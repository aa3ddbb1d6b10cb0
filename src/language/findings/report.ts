import * as vscode from 'vscode';
import { oddOnes, traitsOf, type NodeTraits } from '../../core/compare/majority';
import { programmed } from '../../core/kubeproxy/programmed';
import { clusterMarkdown, reportMarkdown } from '../../core/report/markdown';
import { clusterReport } from '../../core/report/cluster';
import { reportOf, type Report } from '../../core/report/report';
import { dumpAtHand, openDumps } from '../../workspace/dumpAtHand';
import { registerCommand } from '../../workspace/command';
import { checkedNode } from '../../workspace/findings/checkedNode';
import { lastPart, parentOf } from '../../workspace/files';
import type { NodeFolders } from '../../workspace/nodeFolders';
import { runInSlices } from '../../workspace/slices';
import { readAsked, type Asked } from './asked';
import { linksNear } from './links';
import { serviceOfDump, withNodesBeside } from './choices';

const scheme = 'kube-proxy-report';

/** A page, as it stands in a preview and is copied. */
interface Page {
  readonly title: string;
  readonly text: string;
}

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
    provideTextDocumentContent: (uri) => pages.get(uri.path)?.text ?? '',
  };
  const show = async (asked: Asked | undefined) => {
    const page = asked && (await write(asked, folders, extensionUri));
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
      ofDumpOrCluster(async (dump) => show(await withNodesBeside(dump))),
    ),
    registerCommand(log, 'kubeProxyInspector.copyWhatIsWrong', async (argument) => {
      // With a page in front no editor is active: that page is meant.
      const isPage = argument === undefined && !vscode.window.activeTextEditor;
      const asked = isPage && last ? undefined : await readAsked(argument);
      const page = asked ? await write(asked, folders, extensionUri) : isPage ? last : undefined;
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

async function write(
  asked: Asked,
  folders: NodeFolders,
  extensionUri: vscode.Uri,
): Promise<Page | undefined> {
  const { uris, service, title } = asked;
  const unread = [...(asked.unread ?? [])];
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Looking at what the dumps tell'),
      cancellable: true,
    },
    async (progress, token) => {
      const links = linksNear(uris, extensionUri);
      const nodes: LookedAt[] = [];
      for (const uri of uris) {
        try {
          if (uris.length > 1) progress.report({ message: lastPart(parentOf(uri)) });
          nodes.push(await lookAt(uri, folders, { service, token }));
        } catch (error) {
          if (token.isCancellationRequested) return undefined;
          // Of several nodes the others are told all the same.
          if (uris.length === 1) throw error;
          unread.push(`${lastPart(parentOf(uri))}: ${error instanceof Error ? error.message : ''}`);
        }
      }
      const reports = nodes.map(({ report }) => report);
      const [only, ...others] = reports;
      if (only && others.length === 0 && unread.length === 0) {
        return { title: only.title, text: reportMarkdown(only, links) };
      }
      const odd = (await runInSlices(oddOnes(nodes.map(({ traits }) => traits)))).filter(
        ({ message }) => service === undefined || message.startsWith(service),
      );
      const report = clusterReport(title ?? vscode.l10n.t('All nodes'), reports, unread, odd);
      return { title: report.title, text: clusterMarkdown(report, links) };
    },
  );
}

interface LookedAt {
  readonly report: Report;
  readonly traits: NodeTraits;
}

async function lookAt(
  uri: vscode.Uri,
  folders: NodeFolders,
  {
    service,
    token,
  }: { readonly service: string | undefined; readonly token: vscode.CancellationToken },
): Promise<LookedAt> {
  const { state, objects } = await folders.of(uri);
  const { findings } = await checkedNode(state, objects, token);
  const report = await runInSlices(reportOf(state, { objects, service, findings }), token);
  const what = await runInSlices(programmed(state, objects?.services), token);
  return { report, traits: await runInSlices(traitsOf(state.name, what), token) };
}
