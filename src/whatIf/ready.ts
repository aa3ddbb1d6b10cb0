import * as vscode from 'vscode';
import { fareMarkdown } from '../core/expected/fare/page';
import { escapeReadable } from '../core/escapeMarkdown';
import { lackText } from '../core/report/setupNotes';
import { dumpAtHand } from '../workspace/dumpAtHand';
import { runInSlices } from '../workspace/slices';
import type { WhatIfWorld } from './world';

/** "Ready for nftables?": a page on the node of a dump. */
export async function showReadiness(
  { folders, pages, parser }: WhatIfWorld,
  argument: unknown,
): Promise<void> {
  const dump = dumpIn(argument) ?? (await dumpAtHand());
  if (!dump) return;
  const title = vscode.l10n.t('Tracing packets through both modes');
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress({ location, title, cancellable: true }, async (_, token) => {
    const { readinessOf, readinessPage } = await import('../syntax/expected/readiness');
    const { state, objects } = await folders.of(dump);
    const work = readinessOf(state, objects, await parser());
    const found = await runInSlices(work, token);
    if (found === 'nftables') {
      const { name } = state;
      void vscode.window.showInformationMessage(
        vscode.l10n.t('{0} runs kube-proxy in nftables mode already.', name),
      );
      return;
    }
    if (typeof found === 'string') throw new Error(lackText(found));
    const page = readinessPage(found);
    const lines = fareMarkdown(page);
    if (found.findings.length > 0) {
      lines.push('', `## ${vscode.l10n.t('What only the dumps know')}`, '');
      for (const { message } of found.findings) lines.push(`- ${escapeReadable(message)}`);
    }
    await pages.show(page.title, `${lines.join('\n')}\n`);
  });
}

/** From a menu VS Code gives the file's address, the explorer gives what its page is about. */
function dumpIn(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  const { uri, uris } = (argument ?? {}) as { readonly uri?: unknown; readonly uris?: unknown };
  const first: unknown = Array.isArray(uris) ? uris[0] : uri;
  return typeof first === 'string' ? vscode.Uri.parse(first, true) : undefined;
}
