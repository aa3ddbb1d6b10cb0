import * as vscode from 'vscode';
import { findingPage } from './findings/findingPage';
import { readText } from './files';
import { keepLatest } from './keepLatest';

/** Also of the findings' own pages, so that a page links to them as to its neighbours. */
const scheme = 'kube-proxy-page';
/** VS Code's own Markdown preview, as an editor: its tab tells which page it shows. */
const preview = 'vscode.markdown.preview.editor';
/** Pages asked for long ago are forgotten: they say so. */
const mostKept = 30;

/** Pages in Markdown that answer a command, shown in VS Code's preview beside what they are about. */
export class MarkdownPages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registered = vscode.workspace.registerTextDocumentContentProvider(scheme, this);

  constructor(private readonly extensionUri: vscode.Uri) {}

  dispose(): void {
    this.registered.dispose();
  }

  async provideTextDocumentContent({ path }: vscode.Uri): Promise<string> {
    const [, code] = /^\/findings\/([\w-]+)\.md$/.exec(path) ?? [];
    if (code !== undefined) return readText(findingPage(this.extensionUri, code));
    return (
      this.texts.get(path) ??
      vscode.l10n.t('This page is no longer held: run the command that made it again.')
    );
  }

  /**
   * Shows a page, in the place of one with this title that is open. Each has an address of its own: the
   * preview shows again what it drew of an address (TokenCache of VS Code's markdownEngine.ts goes by the
   * version, and that of a text opened anew is 1).
   */
  async show(title: string, text: string): Promise<void> {
    const path = `/${title.replaceAll('/', '-')}.md`;
    keepLatest(this.texts, path, text, mostKept);
    const before = tabsOf(path);
    const uri = vscode.Uri.from({ scheme, path, query: Date.now().toString(36) });
    const options = { viewColumn: pageColumn(), preview: false };
    await vscode.commands.executeCommand('vscode.openWith', uri, preview, options);
    await vscode.window.tabGroups.close(before, true);
  }

  /** The text of the page that is in front, undefined where something else is. */
  inFront(): string | undefined {
    const shown = pageIn(vscode.window.tabGroups.activeTabGroup.activeTab);
    return shown && this.texts.get(shown.path);
  }
}

function tabsOf(path: string): readonly vscode.Tab[] {
  const all = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
  return all.filter((tab) => pageIn(tab)?.path === path);
}

/** Where a text is opened that a page is to stand beside: not over a page or a panel. */
export function sourceColumn(): vscode.ViewColumn {
  const { activeTabGroup, all } = vscode.window.tabGroups;
  const group = [activeTabGroup, ...all].find(({ activeTab }) => isText(activeTab));
  return (group ?? activeTabGroup).viewColumn;
}

/** Where pages are already, else where no text is in front, else beside the text that is. */
function pageColumn(): vscode.ViewColumn {
  const { all } = vscode.window.tabGroups;
  const others = all.filter((group) => !(group.isActive && isText(group.activeTab)));
  const open =
    others.find(({ tabs }) => tabs.some((tab) => pageIn(tab))) ??
    others.find(({ activeTab }) => !isText(activeTab));
  return open?.viewColumn ?? vscode.ViewColumn.Beside;
}

function pageIn(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  const { input } = tab ?? {};
  const isPage = input instanceof vscode.TabInputCustom && input.uri.scheme === scheme;
  return isPage ? input.uri : undefined;
}

function isText(tab: vscode.Tab | undefined): boolean {
  const { input } = tab ?? {};
  return input instanceof vscode.TabInputText || input instanceof vscode.TabInputTextDiff;
}
