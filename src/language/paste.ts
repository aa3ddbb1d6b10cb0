import * as vscode from 'vscode';
import { registerCommand } from '../workspace/command';
import { openDumps } from '../workspace/dumpAtHand';
import { isInFolder, parentOf } from '../workspace/files';
import { nodeLanguages } from '../workspace/nodeLanguages';
import { nodesBeside } from '../workspace/nodesBeside';
import type { PastedDumps, PastedNode } from '../workspace/pastedDumps';
import { headLength, languageOf } from './detection';

/** So much of a text that is no dump is shown, in characters. */
const shownLength = 60;

/** "Paste a Dump" and "Set Node of Dump...": texts from a ticket become dumps of a node. */
export function registerPaste(
  pasted: PastedDumps,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(log, 'kubeProxyInspector.pasteDump', async () => {
      const document = await paste();
      if (document) await askNode(pasted, document);
    }),
    registerCommand(log, 'kubeProxyInspector.setNode', async () => {
      const document = vscode.window.activeTextEditor?.document;
      if (document?.isUntitled && nodeLanguages.has(document.languageId)) {
        await askNode(pasted, document);
        return;
      }
      const message = vscode.l10n.t(
        'The node of a file is told by its folder and name. Only pasted dumps are given to a node.',
      );
      void vscode.window.showInformationMessage(message);
    }),
  );
}

/** The clipboard as an untitled text; undefined where it holds nothing, or the user wants no other text. */
async function paste(): Promise<vscode.TextDocument | undefined> {
  const content = await vscode.env.clipboard.readText();
  if (content.trim() === '') {
    const message = vscode.l10n.t(
      'The clipboard holds no text. Copy the output of iptables-save, nft list ruleset, ipvsadm -Ln, ipset save or ip addr, then paste again.',
    );
    void vscode.window.showInformationMessage(message);
    return undefined;
  }
  const language = languageOf(content.slice(0, headLength));
  if (language === undefined && !(await wantsUnknown(content))) return undefined;
  const document = await vscode.workspace.openTextDocument({
    language: language ?? 'plaintext',
    content,
  });
  await vscode.window.showTextDocument(document, { preview: false });
  return nodeLanguages.has(document.languageId) ? document : undefined;
}

async function wantsUnknown(content: string): Promise<boolean> {
  const first = content.trim().split('\n', 1)[0]!.trim().slice(0, shownLength);
  const open = vscode.l10n.t('Open as Plain Text');
  const message = vscode.l10n.t(
    'This is no dump that is known here; it begins with: {0}. Dumps are the output of iptables-save, nft list ruleset, ipvsadm -Ln, ipset save, ip addr, ip route and ip rule, from its first line on.',
    first,
  );
  return (await vscode.window.showWarningMessage(message, open)) === open;
}

type NodeItem = vscode.QuickPickItem & { readonly node?: PastedNode };

/** Who gives no answer leaves the text a node of its own. */
async function askNode(pasted: PastedDumps, document: vscode.TextDocument): Promise<void> {
  const known = await knownNodes(pasted);
  const node = known.length > 0 ? await pickNode(known, document) : await nameNode(document);
  if (node) await pasted.set(document.uri, node);
}

async function pickNode(
  known: readonly NodeItem[],
  document: vscode.TextDocument,
): Promise<PastedNode | undefined> {
  const another: NodeItem = {
    label: `$(add) ${vscode.l10n.t('Another node...')}`,
    description: vscode.l10n.t('No other dump of it is open'),
  };
  const picked = await vscode.window.showQuickPick<NodeItem>([...known, another], {
    title: vscode.l10n.t('Paste a Dump'),
    placeHolder: vscode.l10n.t('Of which node? Its dumps count together'),
    matchOnDescription: true,
  });
  return picked === another ? nameNode(document) : picked?.node;
}

async function nameNode(document: vscode.TextDocument): Promise<PastedNode | undefined> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Paste a Dump'),
    prompt: vscode.l10n.t('The name of the node: other dumps of it can be added under it.'),
    value: hostIn(document.getText(new vscode.Range(0, 0, 60, 0)).slice(0, headLength)),
  });
  const trimmed = name?.trim();
  return trimmed ? { name: trimmed } : undefined;
}

/** The host of a prompt: `root@node-a:~# iptables-save`, `[root@node-a ~]# ip addr`. */
function hostIn(head: string): string {
  return /^\[?[\w.-]{1,64}@([\w.-]{1,64})[: ]/m.exec(head)?.[1] ?? '';
}

/** The nodes of the dumps in tabs and those beside them, and those that texts were given to. */
async function knownNodes(pasted: PastedDumps): Promise<readonly NodeItem[]> {
  const found = new Map<string, NodeItem>();
  const folders = new Set<string>();
  for (const uri of openDumps()) {
    const folder = parentOf(uri).toString();
    if (!isInFolder(uri) || folders.has(folder)) continue;
    folders.add(folder);
    for (const { name, uri: near } of await nodesBeside(uri)) {
      const description = vscode.workspace.asRelativePath(parentOf(near));
      found.set(near.toString(), {
        label: name,
        description,
        node: { name, near: near.toString() },
      });
    }
  }
  for (const node of pasted.all()) {
    const key = node.near ?? node.name;
    if (!found.has(key)) found.set(key, { label: node.name, node });
  }
  return [...found.values()];
}
