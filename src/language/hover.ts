import * as vscode from 'vscode';
import type { DumpContext } from './context';
import { hoverAt } from './hover/hoverAt';
import { toMarkdown } from './hover/markdown';

/** Where a feature gets the dump around a line from; undefined when it is not one, or not read yet. */
export type ContextOf = (
  document: vscode.TextDocument,
  line: number,
  token: vscode.CancellationToken,
) => Promise<DumpContext | undefined>;

/** Hovers for iptables dumps. The text is untrusted Markdown without HTML or command links. */
export function registerHover(contextOf: ContextOf): vscode.Disposable {
  return vscode.languages.registerHoverProvider('iptables-save', {
    async provideHover(document, { line, character }, token) {
      const context = await contextOf(document, line, token);
      if (!context || token.isCancellationRequested) return undefined;
      const content = hoverAt(context, line, character);
      if (!content) return undefined;
      const range = new vscode.Range(line, content.start, line, content.end);
      return new vscode.Hover(new vscode.MarkdownString(toMarkdown(content.blocks)), range);
    },
  });
}
