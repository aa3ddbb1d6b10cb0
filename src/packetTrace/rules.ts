import * as vscode from 'vscode';
import type { NodeState } from '../core/node';
import type { TextOf } from '../core/packetTrace/place';
import { readText } from '../workspace/files';

const dumps = '{*iptables-save*,*ip6tables-save*,*nft-list-ruleset*,*nft_list_ruleset*,*.rules.v4}';

/**
 * The dump of rules to lay a trace on: one of the trace's own folder; else the one that is open, or the
 * one that the user picks. undefined when there is none, which is said, or the user gives up.
 */
export async function dumpBeside(trace: vscode.Uri): Promise<vscode.Uri | undefined> {
  const beside = await inFolder(trace);
  if (beside) return beside;
  const open = vscode.workspace.textDocuments
    .filter(({ languageId }) => languageId === 'iptables-save' || languageId === 'nft-listing')
    .map(({ uri }) => uri);
  const found =
    open.length > 0 ? open : await vscode.workspace.findFiles(`**/${dumps}`, undefined, 200);
  if (found.length <= 1) {
    if (!found[0]) void vscode.window.showInformationMessage(noDump());
    return found[0];
  }
  const items = found.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Lay on Rules'),
    placeHolder: vscode.l10n.t('On the rules of which node? Choose its dump'),
  });
  return picked?.uri;
}

async function inFolder(trace: vscode.Uri): Promise<vscode.Uri | undefined> {
  if (trace.scheme === 'untitled') return undefined;
  const folder = vscode.Uri.joinPath(trace, '..');
  const pattern = new vscode.RelativePattern(folder, dumps);
  const [first] = await vscode.workspace.findFiles(pattern, undefined, 1);
  return first;
}

function noDump(): string {
  return vscode.l10n.t(
    'No dump of the node’s rules is open. Open its iptables-save (or nft list ruleset), or put the trace beside it.',
  );
}

/** The lines of the node's rule dumps, for rules that a monitor names by their text. */
export async function textsOf(
  { rulesets, nftables }: NodeState,
  dump: vscode.Uri,
): Promise<TextOf> {
  const lines = new Map<string, readonly string[]>();
  const sources = [...rulesets.map(({ source }) => source), ...(nftables ? [nftables.source] : [])];
  for (const source of sources) {
    const uri = uriOf(source, dump);
    try {
      lines.set(source, (await readText(uri)).split('\n'));
    } catch {
      // A file that is gone leaves its rules without text: numbers and handles still name them.
    }
  }
  return ({ source, line }) => lines.get(source)?.[line];
}

function uriOf(source: string, dump: vscode.Uri): vscode.Uri {
  return /^[\w+.-]+:/.test(source)
    ? vscode.Uri.parse(source, true)
    : vscode.Uri.joinPath(dump, '..', source);
}
