import * as vscode from 'vscode';
import { kindOf } from '../syntax/dumps/kinds';
import { dumpKind } from '../syntax/dumps/recognize';
import { lastPart } from './files';
import { nodeLanguages } from './nodeLanguages';

/**
 * The dump that a command without an argument is about: the active editor's, else the one that is
 * open in a tab, of several the one that the user picks. Where none is open, that is said together
 * with ways to one.
 */
export async function dumpAtHand(): Promise<vscode.Uri | undefined> {
  const active = vscode.window.activeTextEditor?.document;
  if (active && nodeLanguages.has(active.languageId)) return active.uri;
  const open = openDumps();
  // A text whose language nobody knows may be a dump all the same: what is read in it says so.
  if (open.length === 0 && active?.languageId === 'plaintext') return active.uri;
  if (open.length > 1) return pickDump(open);
  if (!open[0]) void offerDumps();
  return open[0];
}

/** The dumps in tabs, each once. */
export function openDumps(): readonly vscode.Uri[] {
  const found = new Map<string, vscode.Uri>();
  for (const { input } of vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs)) {
    if (!(input instanceof vscode.TabInputText)) continue;
    const key = input.uri.toString();
    const language = languageOf(key) ?? kindOf(dumpKind(input.uri.path, ''))?.language;
    if (language !== undefined && nodeLanguages.has(language)) found.set(key, input.uri);
  }
  return [...found.values()];
}

/** A tab that was not looked at since the window was opened has no document yet. */
function languageOf(uri: string): string | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri)
    ?.languageId;
}

async function pickDump(uris: readonly vscode.Uri[]): Promise<vscode.Uri | undefined> {
  const items = uris.map((uri) => ({
    label: lastPart(uri),
    description: vscode.workspace.asRelativePath(vscode.Uri.joinPath(uri, '..')),
    uri,
  }));
  const placeHolder = vscode.l10n.t('In which dump?');
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.uri;
}

async function offerDumps(): Promise<void> {
  const ways = [
    { title: vscode.l10n.t('Open Sample'), command: 'kubeProxyInspector.openSample' },
    { title: vscode.l10n.t('Paste a Dump'), command: 'kubeProxyInspector.pasteDump' },
  ];
  const message = vscode.l10n.t(
    'No dump is open. Open one of a node: iptables-save, nft list ruleset, ipvsadm, ipset, ip addr.',
  );
  const way = await vscode.window.showInformationMessage(message, ...ways);
  if (way) await vscode.commands.executeCommand(way.command);
}
