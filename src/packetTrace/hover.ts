import * as vscode from 'vscode';
import type { NodeFolders } from '../workspace/nodeFolders';

/** On a line of a trace: the rule that it names in the dump beside it, and what its head shows. */
export class LineHovers implements vscode.HoverProvider {
  constructor(
    private readonly folders: NodeFolders,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  async provideHover(
    document: vscode.TextDocument,
    { line: number }: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const { text, range } = document.lineAt(number);
    try {
      const { wordsOfLine } = await import('./words');
      const words = await wordsOfLine(this.folders, document.uri, number, text);
      if (words.length === 0) return undefined;
      // Texts of a dump are not markdown.
      const content = new vscode.MarkdownString();
      for (const paragraph of words) content.appendText(paragraph).appendMarkdown('\n\n');
      return new vscode.Hover(content, range);
    } catch (error) {
      this.log.error(`Hover in ${document.uri.toString()}:`, error as Error);
      return undefined;
    }
  }
}
