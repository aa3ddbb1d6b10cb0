import * as vscode from 'vscode';
import type { Block } from './content';
import { toMarkdown } from './markdown';

/** A hover of untrusted Markdown: no HTML, no command links. */
export function hoverOf(blocks: readonly Block[], range: vscode.Range): vscode.Hover {
  return new vscode.Hover(new vscode.MarkdownString(toMarkdown(blocks)), range);
}
