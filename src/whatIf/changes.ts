import * as vscode from 'vscode';
import { fareMarkdown } from '../core/expected/fare/page';
import { inputOfNode } from '../core/expected/nodeInput';
import { comparisonNotes, lackText } from '../core/report/setupNotes';
import { decodeText } from '../syntax/decodeText';
import { parentOf } from '../workspace/files';
import { runInSlices } from '../workspace/slices';
import type { WhatIfWorld } from './world';

/** The argument of `kubeProxyInspector.whatChanges`. */
interface Asked {
  /** A dump of the node. */
  readonly uri: string;
  /** The configuration as it is edited. */
  readonly config: string;
  /** Where it is edited, if it is not saved. */
  readonly document?: string;
}

/** "What changes": how packets fare with the edited configuration, against the node's own. */
export async function showChanges(
  { folders, pages, parser }: WhatIfWorld,
  argument: unknown,
): Promise<void> {
  const { uri, config, document } = argument as Asked;
  const title = vscode.l10n.t('Tracing packets through both configurations');
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress({ location, title, cancellable: true }, async (_, token) => {
    const [{ compareSetups }, { parseYaml }] = await Promise.all([
      import('../syntax/expected/compareSetups'),
      import('../syntax/yaml/parse'),
    ]);
    const { state, objects } = await folders.of(vscode.Uri.parse(uri, true));
    const edited = parseYaml(config).root(0);
    // The node's own file: `folders` sees what is typed, kube-proxy had what is saved.
    const folderOf = (file: string) => parentOf(vscode.Uri.parse(file, true)).toString();
    const own = document !== undefined && folderOf(document) === folderOf(uri);
    const saved = own ? parseYaml(await savedText(document)).root(0) : undefined;
    const before = await runInSlices(inputOfNode(state, objects, saved), token);
    if (typeof before === 'string') throw new Error(lackText(before));
    const after = await runInSlices(inputOfNode(state, objects, edited), token);
    if (typeof after === 'string') throw new Error(lackText(after));
    const work = compareSetups(state, before.input, after.input, await parser());
    const comparison = await runInSlices(work, token);
    const page = {
      ...comparison,
      title: vscode.l10n.t('What changes on {0}', state.name),
      notes: [
        vscode.l10n.t(
          'Both sides are worked out, as kube-proxy 1.{0} writes them.',
          after.input.release,
        ),
        ...comparisonNotes(comparison),
      ],
      left: vscode.l10n.t('as configured'),
      right: vscode.l10n.t('as edited'),
    };
    await pages.show(page.title, `${fareMarkdown(page).join('\n')}\n`);
  });
}

async function savedText(document: string): Promise<string> {
  return decodeText(await vscode.workspace.fs.readFile(vscode.Uri.parse(document, true)));
}
