import * as vscode from 'vscode';
import { hostTold } from '../syntax/dumps/hostMarks';
import { languageOf } from '../syntax/dumps/language';
import { headLength, kindOfText } from '../syntax/dumps/recognize';
import { registerCommand } from '../workspace/command';
import { scheme } from '../workspace/clusters/dumpUri';
import { dumpAtHand, openDumps } from '../workspace/dumpAtHand';
import { isInFolder, parentOf } from '../workspace/files';
import { nodeLanguages } from '../workspace/nodeLanguages';
import type { NodeFolders } from '../workspace/nodeFolders';
import { nodesBeside } from '../workspace/nodesBeside';
import type { PastedDumps, PastedNode } from '../workspace/pastedDumps';
import { setNodesOfFolder } from './nodesOfFiles';

/** So much of a text that is no dump is shown, in characters. */
const shownLength = 60;

/** A post begins with some pages of prose at the most, in characters. */
const postLength = 1 << 16;

interface Places {
  readonly folders: NodeFolders;
  readonly pasted: PastedDumps;
}

/** "Paste a Dump" and "Set Node of Dump...": texts from a ticket become dumps of a node. */
export function registerPaste(
  { folders, pasted }: Places,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(log, 'kubeProxyInspector.pasteDump', async () => {
      const document = await paste();
      if (document) await askNode({ folders, pasted }, document);
    }),
    registerCommand(log, 'kubeProxyInspector.setNode', async () => {
      const dump = await dumpAtHand();
      if (!dump) return;
      if (!isInFolder(dump)) {
        await askNode({ folders, pasted }, await vscode.workspace.openTextDocument(dump));
      } else if (dump.scheme === scheme) {
        const message = vscode.l10n.t(
          'This dump is of a cluster or a snapshot, which tells its node.',
        );
        void vscode.window.showInformationMessage(message);
      } else await setNodesOfFolder(parentOf(dump), folders);
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
  const language = languageOf(content.slice(0, postLength)) ?? objectsLanguage(content);
  if (language === undefined && !(await wantsUnknown(content))) return undefined;
  const document = await vscode.workspace.openTextDocument({
    language: language ?? 'plaintext',
    content,
  });
  await vscode.window.showTextDocument(document, { preview: false });
  return nodeLanguages.has(document.languageId) ? document : undefined;
}

/** `kubectl get service web -o yaml`: manifests have lenses of their own. */
function objectsLanguage(content: string): string | undefined {
  if (kindOfText(content.slice(0, headLength)) !== 'objects') return undefined;
  return content.trimStart().startsWith('{') ? 'json' : 'yaml';
}

async function wantsUnknown(content: string): Promise<boolean> {
  const first = content.trim().split('\n', 1)[0]!.trim().slice(0, shownLength);
  const open = vscode.l10n.t('Open as Plain Text');
  const message = vscode.l10n.t(
    'No dump is seen in this text; it begins with: {0}. Dumps are the output of iptables-save, nft list ruleset, ipvsadm -Ln, ipset save, ip addr, ip route and ip rule, with the command above it or from its first line on.',
    first,
  );
  return (await vscode.window.showWarningMessage(message, open)) === open;
}

type NodeItem = vscode.QuickPickItem & { readonly node?: PastedNode };

/** Who gives no answer leaves the text a node of its own. */
async function askNode(places: Places, document: vscode.TextDocument): Promise<void> {
  const known = await knownNodes(places);
  const node = known.length > 0 ? await pickNode(known, document) : await nameNode(document);
  if (node) await places.pasted.set(document.uri, node);
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
    value: hostTold(document.getText(new vscode.Range(0, 0, 60, 0)).slice(0, headLength)) ?? '',
  });
  const trimmed = name?.trim();
  return trimmed ? { name: trimmed } : undefined;
}

/** The nodes of the dumps in tabs and those beside them, and those that texts were given to. */
async function knownNodes({ folders, pasted }: Places): Promise<readonly NodeItem[]> {
  const found = new Map<string, NodeItem>();
  const seen = new Set<string>();
  for (const uri of openDumps()) {
    const folder = parentOf(uri).toString();
    if (!isInFolder(uri) || seen.has(folder)) continue;
    seen.add(folder);
    for (const { name, uri: near } of await nodesBeside(uri, folders.named)) {
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
