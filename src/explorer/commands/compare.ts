import * as vscode from 'vscode';
import type { Cluster } from '../../cluster/cluster';
import { dumpsOf } from '../../workspace/clusters/dumpsOf';
import { nodeNames } from '../../cluster/nodeNames';
import { registerCommand } from '../../workspace/command';
import { nodeOf, type ExplorerContext } from '../context';
import type { Target, TreeNode } from '../tree/node';

type NodeTarget = Extract<Target, { kind: 'node' | 'dump' }>;

/**
 * "Compare..." on two nodes or dumps of the view; on one, its capture before, another node of the
 * cluster, or the same one in another cluster or snapshot is asked for.
 */
export function registerCompare(context: ExplorerContext): vscode.Disposable {
  return registerCommand(context.log, 'kubeProxyInspector.explorer.compare', async (argument) => {
    const node = nodeOf(context, argument);
    const own = targetOf(node);
    if (!own) return;
    const left = await uriOf(context, own);
    const selected = context.view.selection.filter((one) => one.id !== node?.id);
    const [second] = selected.flatMap((one) => targetOf(one) ?? []);
    const right = second ? await uriOf(context, second) : await chooseOther(context, own, left);
    if (!left || !right) return;
    await vscode.commands.executeCommand('kubeProxyInspector.compare', {
      uris: [left.toString(), right.toString()],
    });
  });
}

function targetOf(node: TreeNode | undefined): NodeTarget | undefined {
  const target = node?.target;
  return target?.kind === 'node' || target?.kind === 'dump' ? target : undefined;
}

async function uriOf(
  { files }: ExplorerContext,
  target: NodeTarget,
): Promise<vscode.Uri | undefined> {
  const dumps = await dumpsOf(target.cluster, target.node);
  const { name } =
    (target.kind === 'dump' ? target.dump : dumps.dumps.find(({ bytes }) => bytes > 0)) ?? {};
  return name === undefined ? undefined : files.uriOf(target.cluster, dumps, name);
}

interface Choice extends vscode.QuickPickItem {
  readonly of: () => Promise<vscode.Uri | undefined> | vscode.Uri;
}

async function chooseOther(
  context: ExplorerContext,
  { cluster, node }: NodeTarget,
  left: vscode.Uri | undefined,
): Promise<vscode.Uri | undefined> {
  const before = left && context.files.before(left);
  const choices: Choice[] = before
    ? [{ label: vscode.l10n.t('{0}, the capture before', node), of: () => before }]
    : [];
  const add = (other: Cluster, name: string, description?: string) =>
    choices.push({
      label: name,
      ...(description === undefined ? {} : { description }),
      of: () => uriOf(context, { kind: 'node', cluster: other, node: name }),
    });
  for (const name of await nodeNames(cluster)) if (name !== node) add(cluster, name);
  const { sources } = await context.sources.list();
  for (const { cluster: other } of sources) {
    if (other === cluster) continue;
    // What no request is needed for: a snapshot's nodes, and those that were fetched.
    const names = other.offline ? await nodeNames(other).catch(() => []) : other.heldNodes();
    for (const name of names) add(other, name, other.title);
  }
  if (choices.length === 0) {
    const message = vscode.l10n.t('There is no other node to compare {0} with.', node);
    void vscode.window.showInformationMessage(message);
    return undefined;
  }
  const placeHolder = vscode.l10n.t('Compare {0} with what?', node);
  const options = { placeHolder, matchOnDescription: true };
  return (await vscode.window.showQuickPick(choices, options))?.of();
}
