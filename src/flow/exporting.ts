import * as vscode from 'vscode';
import { toJson, toMarkdown, toMermaid, toText } from '../core/flow/exports';
import type { FlowGraph } from '../core/flow/graph';
import type { ImageFormat } from './protocol';

type Format = ImageFormat | 'mermaid' | 'json' | 'copy-text' | 'copy-markdown' | 'copy-mermaid';

interface FormatItem extends vscode.QuickPickItem {
  readonly format: Format;
}

/**
 * Asks for a format, then saves the graph or copies it.
 *
 * @param render Draws the picture as the panel shows it: the SVG's text, or the PNG in base64.
 * @param folder Where the save dialog starts.
 */
export async function exportGraph(
  graph: FlowGraph,
  folder: vscode.Uri,
  render: (format: ImageFormat) => Promise<string>,
): Promise<void> {
  const picked = await vscode.window.showQuickPick(formats(), {
    title: vscode.l10n.t('Export {0}', graph.title),
    placeHolder: vscode.l10n.t('What for?'),
  });
  switch (picked?.format) {
    case undefined:
      return;
    case 'svg':
      return save(graph, folder, 'svg', Buffer.from(await render('svg')));
    case 'png':
      return save(graph, folder, 'png', Buffer.from(await render('png'), 'base64'));
    case 'mermaid':
      return save(graph, folder, 'mmd', Buffer.from(toMermaid(graph)));
    case 'json':
      return save(graph, folder, 'json', Buffer.from(toJson(graph)));
    case 'copy-text':
      return copy(toText(graph));
    case 'copy-markdown':
      return copy(toMarkdown(graph));
    case 'copy-mermaid':
      return copy(`\`\`\`mermaid\n${toMermaid(graph)}\`\`\`\n`);
  }
}

function formats(): FormatItem[] {
  const { l10n } = vscode;
  return [
    { format: 'svg', label: l10n.t('SVG'), description: l10n.t('a picture that stands alone') },
    { format: 'png', label: l10n.t('PNG'), description: l10n.t('a picture for chats and tickets') },
    { format: 'mermaid', label: l10n.t('Mermaid'), description: l10n.t('a diagram in text') },
    {
      format: 'json',
      label: l10n.t('JSON'),
      description: l10n.t('all of the graph, for programs'),
    },
    {
      format: 'copy-text',
      label: l10n.t('Copy as text'),
      description: l10n.t('verdict and walk, for a ticket'),
    },
    {
      format: 'copy-markdown',
      label: l10n.t('Copy as Markdown'),
      description: l10n.t('the same with a table'),
    },
    {
      format: 'copy-mermaid',
      label: l10n.t('Copy as Mermaid'),
      description: l10n.t('for Markdown'),
    },
  ];
}

async function save(
  { title }: FlowGraph,
  folder: vscode.Uri,
  extension: string,
  content: Uint8Array,
): Promise<void> {
  const name = `${title.replaceAll(/[^\w.-]+/g, '-')}.${extension}`;
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, name),
    filters: { [extension.toUpperCase()]: [extension] },
  });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, content);
  const open = vscode.l10n.t('Open');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('Saved {0}', vscode.workspace.asRelativePath(target)),
    open,
  );
  if (answer === open) await vscode.commands.executeCommand('vscode.open', target);
}

async function copy(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(vscode.l10n.t('The flow graph is in the clipboard.'), 3000);
}
