import * as vscode from 'vscode';

const scheme = 'kube-proxy-what-if';

/** Pages in Markdown, shown beside the editor as VS Code's preview. */
export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registered = vscode.workspace.registerTextDocumentContentProvider(scheme, this);

  readonly onDidChange = this.changed.event;

  dispose(): void {
    vscode.Disposable.from(this.registered, this.changed).dispose();
  }

  provideTextDocumentContent({ path }: vscode.Uri): string {
    return this.texts.get(path) ?? '';
  }

  async show(title: string, lines: readonly string[]): Promise<void> {
    const path = `/${title.replaceAll('/', '-')}.md`;
    this.texts.set(path, `${lines.join('\n')}\n`);
    const uri = vscode.Uri.from({ scheme, path });
    this.changed.fire(uri);
    await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
  }
}
