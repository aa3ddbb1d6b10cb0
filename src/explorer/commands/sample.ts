import * as vscode from 'vscode';
import { dumpsOf } from '../../workspace/clusters/dumpsOf';
import { registerCommand } from '../../workspace/command';
import type { ExplorerContext } from '../context';

/** What the sample is looked at with first. */
const [node, dump] = ['node-a', 'iptables-save.txt'];

/** "Open Sample Snapshot": it stands in the view, and the rules of one of its nodes are open. */
export function registerSample({ sources, files, log }: ExplorerContext): vscode.Disposable {
  return registerCommand(log, 'kubeProxyInspector.openSample', async () => {
    await sources.remember(sources.sample);
    const all = (await sources.list()).sources;
    const cluster = all.find(({ folder }) => folder === sources.sample)?.cluster;
    if (!cluster) return;
    await vscode.commands.executeCommand('kubeProxyInspector.explorer.focus');
    const uri = files.uriOf(cluster, await dumpsOf(cluster, node), dump);
    await vscode.window.showTextDocument(uri, { preview: false });
  });
}
