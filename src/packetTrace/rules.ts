import * as vscode from 'vscode';

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
