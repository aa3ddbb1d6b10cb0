import * as vscode from 'vscode';
import { reportMarkdown } from '../../core/report/markdown';
import { reportOf } from '../../core/report/report';
import type { SourceRange } from '../../core/source';
import { registerCommand } from '../../workspace/command';
import { dumpAtHand } from '../../workspace/dumpAtHand';
import type { NodeFolders } from '../../workspace/nodeFolders';
import { runInSlices } from '../../workspace/slices';
import { pageOf, uriOf } from './nodeFindings';

const scheme = 'kube-proxy-report';

/** What the command is asked about: a dump of the node, and a Service where only one matters. */
interface Asked {
  readonly uri?: string;
  readonly service?: string;
}

/** "What is wrong here?": a page on the node of a dump, beside it, and the same to copy. */
export function registerReport(
  folders: NodeFolders,
  extensionUri: vscode.Uri,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => texts.get(uri.path) ?? '',
  };

  const write = async (asked: unknown): Promise<{ title: string; text: string } | undefined> => {
    const { uri, service } = readAsked(asked);
    const dump = uri ?? (await dumpAtHand());
    if (!dump) return undefined;
    return vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Looking at what the dumps tell'),
        cancellable: true,
      },
      async (_progress, token) => {
        const { state, objects } = await folders.of(dump);
        const work = reportOf(state, { objects, service });
        const report = await runInSlices(work, token).catch((error: unknown) => {
          if (token.isCancellationRequested) return undefined;
          throw error;
        });
        if (!report) return undefined;
        const links = {
          place: (range: SourceRange) => linkTo(range, dump),
          page: (code: string) => pageOf(extensionUri, code).toString(),
        };
        return { title: report.title, text: reportMarkdown(report, links) };
      },
    );
  };

  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, provider),
    registerCommand(log, 'kubeProxyInspector.whatIsWrong', async (asked) => {
      const report = await write(asked);
      if (!report) return;
      const path = `/${report.title.replaceAll('/', '-')}.md`;
      texts.set(path, report.text);
      const page = vscode.Uri.from({ scheme, path });
      changed.fire(page);
      await vscode.commands.executeCommand('markdown.showPreviewToSide', page);
    }),
    registerCommand(log, 'kubeProxyInspector.copyWhatIsWrong', async (asked) => {
      const report = await write(asked);
      if (!report) return;
      await vscode.env.clipboard.writeText(report.text);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Copied as Markdown'), 3000);
    }),
  );
}

/** From a menu VS Code gives the file's address, our lenses give what they stand on. */
function readAsked(asked: unknown): { uri?: vscode.Uri; service?: string } {
  if (asked instanceof vscode.Uri) return { uri: asked };
  const { uri, service } = (asked ?? {}) as Asked;
  return {
    ...(typeof uri === 'string' ? { uri: vscode.Uri.parse(uri, true) } : {}),
    ...(typeof service === 'string' ? { service } : {}),
  };
}

function linkTo({ source, line }: SourceRange, near: vscode.Uri): string {
  const uri = uriOf(source, near);
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1).replace(/[[\]()\\]/g, '');
  const target = uri.with({ fragment: `L${line + 1}` }).toString();
  return `[${name}:${line + 1}](${target.replace(/[()]/g, (sign) => encodeURIComponent(sign))})`;
}
