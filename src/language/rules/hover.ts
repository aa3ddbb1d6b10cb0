import * as vscode from 'vscode';
import type { FactsStore } from './facts';
import { hoverAt } from './hover/hoverAt';
import { toMarkdown } from '../../workspace/hover/markdown';

/** Hovers for dumps. Their text is untrusted Markdown: no HTML, no command links. */
export function hoverProvider(facts: FactsStore): vscode.HoverProvider {
  return {
    async provideHover(document, { line, character }, token) {
      const context = await facts.contextAt(document, line, token);
      const content = context && hoverAt(context, line, character);
      if (!content) return undefined;
      const range = new vscode.Range(line, content.start, line, content.end);
      return new vscode.Hover(new vscode.MarkdownString(toMarkdown(content.blocks)), range);
    },
  };
}
