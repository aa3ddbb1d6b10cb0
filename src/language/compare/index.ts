import * as vscode from 'vscode';
import { comparisonMarkdown } from '../../core/compare/markdown';
import type { SourceRange } from '../../core/source';
import { withLateProgress } from '../../workspace/clusters/progress';
import { registerCommand } from '../../workspace/command';
import { dumpAtHand } from '../../workspace/dumpAtHand';
import { sourceColumn, type MarkdownPages } from '../../workspace/markdownPages';
import type { NodeFolders } from '../../workspace/nodeFolders';
import { runInSlices } from '../../workspace/slices';
import { linkTo } from '../findings/links';
import { chooseOther, dumpOf } from './choices';
import { NormalisedTexts } from './normalisedTexts';
import { titlesOf } from './titles';

/**
 * "Compare...": two nodes, or one at two times, by what packets meet: a page by consequence, and
 * VS Code's diff editor on texts without what differs between any two dumps.
 */
export function registerCompare(
  folders: NodeFolders,
  pages: MarkdownPages,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const normalised = new NormalisedTexts();
  return vscode.Disposable.from(
    normalised,
    registerCommand(log, 'kubeProxyInspector.compare', async (argument, selected) => {
      const sides = await sidesOf(argument, selected, folders);
      if (!sides) return;
      const [left, right] = sides;
      const page = await write(left, right, folders);
      await vscode.commands.executeCommand(
        'vscode.diff',
        normalised.of(left),
        normalised.of(right),
        page.title,
        { viewColumn: sourceColumn() },
      );
      await pages.show(page.title, page.text);
    }),
  );
}

type Sides = readonly [vscode.Uri, vscode.Uri];

/** Two files selected in VS Code's explorer, two dumps that our explorer names, or one and a choice. */
async function sidesOf(
  argument: unknown,
  selected: unknown,
  folders: NodeFolders,
): Promise<Sides | undefined> {
  const given = [...(Array.isArray(selected) ? selected : []), argument].flatMap(uriOf);
  const [first, second] = [...new Map(given.map((uri) => [uri.toString(), uri])).values()];
  const left = first ? await dumpOf(first) : await dumpAtHand();
  if (!left) return undefined;
  const right = second ? await dumpOf(second) : await chooseOther(left, folders.named);
  return right && [left, right];
}

function uriOf(value: unknown): readonly vscode.Uri[] {
  if (value instanceof vscode.Uri) return [value];
  const { uris } = (value ?? {}) as { readonly uris?: unknown };
  if (!Array.isArray(uris)) return [];
  return uris.flatMap((one) => (typeof one === 'string' ? [vscode.Uri.parse(one, true)] : []));
}

async function write(
  left: vscode.Uri,
  right: vscode.Uri,
  folders: NodeFolders,
): Promise<{ title: string; text: string }> {
  const [here, there] = titlesOf(left, right);
  const title = vscode.l10n.t('{0} compared with {1}', here, there);
  const [{ compareNodes }, one, two] = await Promise.all([
    import('../../core/compare/compare'),
    folders.of(left),
    folders.of(right),
  ]);
  return withLateProgress(title, async (signal) => {
    const token = { isCancellationRequested: false } as vscode.CancellationToken;
    signal.addEventListener('abort', () => Object.assign(token, { isCancellationRequested: true }));
    const objects = one.objects ?? two.objects;
    const sides = [
      { ...one.state, name: here },
      { ...two.state, name: there },
    ] as const;
    const comparison = await runInSlices(compareNodes(...sides, objects), token);
    const place = (range: SourceRange, side: 'left' | 'right') =>
      linkTo(range, side === 'left' ? left : right);
    const text = comparisonMarkdown(comparison, { left: here, right: there, place });
    return { title, text };
  });
}
