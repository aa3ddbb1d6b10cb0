import * as vscode from 'vscode';
import type { Cluster, NodeDumps } from '../../cluster/cluster';
import { byName } from '../../core/byName';
import { serviceKey } from '../../core/objects/endpoints';
import type { ServiceObject } from '../../core/objects/types';
import { dumpsOf } from '../../workspace/clusters/dumpsOf';
import { withLateProgress } from '../../workspace/clusters/progress';
import { registerCommand } from '../../workspace/command';
import { nodeOf, type ExplorerContext } from '../context';
import { nodesAtHand } from '../nodesAtHand';
import { chooseCluster } from './chooseCluster';
import type { Target } from '../tree/node';

/** "What Is Wrong Here?" of a node, a Service or a cluster: its page, or the same to copy. */
export function registerWhatIsWrong(context: ExplorerContext): vscode.Disposable[] {
  const ask = (id: string, command: string) =>
    registerCommand(context.log, id, async (argument) => {
      const target = nodeOf(context, argument)?.target ?? (await choose(context));
      const asked = target && (await askedOf(context, target));
      if (asked) await vscode.commands.executeCommand(command, asked);
    });
  return [
    ask('kubeProxyInspector.explorer.whatIsWrong', 'kubeProxyInspector.whatIsWrong'),
    ask('kubeProxyInspector.explorer.readyForNftables', 'kubeProxyInspector.readyForNftables'),
    ask('kubeProxyInspector.explorer.copyWhatIsWrong', 'kubeProxyInspector.copyWhatIsWrong'),
  ];
}

/** As the commands that write the page take it. */
interface Asked {
  readonly uris: readonly string[];
  readonly title?: string;
  readonly service?: string;
  /** Why nodes are left out: one sentence each. */
  readonly unread?: readonly string[];
}

async function askedOf(context: ExplorerContext, target: Target): Promise<Asked | undefined> {
  const { cluster } = target;
  switch (target.kind) {
    case 'bundle':
      return undefined;
    case 'node':
    case 'dump': {
      const uri = placeOf(context, cluster, await dumpsOf(cluster, target.node));
      return uri === undefined ? undefined : { uris: [uri] };
    }
    case 'cluster':
      return { title: cluster.title, ...(await allNodes(context, cluster)) };
    case 'service':
    case 'port':
    case 'endpoint': {
      const service = serviceKey(target.service);
      const title = vscode.l10n.t('{0} in {1}', service, cluster.title);
      return { title, service, ...(await allNodes(context, cluster)) };
    }
  }
}

async function allNodes(
  context: ExplorerContext,
  cluster: Cluster,
): Promise<Pick<Asked, 'uris' | 'unread'>> {
  const title = vscode.l10n.t('Reading the dumps of {0}', cluster.title);
  const place = (dumps: NodeDumps) => placeOf(context, cluster, dumps);
  return withLateProgress(title, (signal, report) => nodesAtHand(cluster, place, signal, report));
}

function placeOf(
  { files }: ExplorerContext,
  cluster: Cluster,
  dumps: NodeDumps,
): string | undefined {
  const first = dumps.dumps.find(({ bytes }) => bytes > 0);
  return first && files.uriOf(cluster, dumps, first.name).toString();
}

/** From the palette: a cluster, and one of its Services or all of it. */
async function choose(context: ExplorerContext): Promise<Target | undefined> {
  const cluster = await chooseCluster(context, vscode.l10n.t('Which cluster?'));
  if (!cluster) return undefined;
  const { items } = await withLateProgress(
    vscode.l10n.t('Looking for Services in {0}', cluster.title),
    (signal) => cluster.list('services', { signal }),
  );
  interface Choice extends vscode.QuickPickItem {
    readonly service?: ServiceObject;
  }
  const choices: Choice[] = [
    { label: vscode.l10n.t('All of {0}', cluster.title) },
    ...items
      .map((service) => ({ label: serviceKey(service), service }))
      .sort((left, right) => byName(left.label, right.label)),
  ];
  const placeHolder = vscode.l10n.t('What is wrong with which Service?');
  const chosen = await vscode.window.showQuickPick(choices, { placeHolder });
  if (!chosen) return undefined;
  const { service } = chosen;
  return service ? { kind: 'service', cluster, service } : { kind: 'cluster', cluster };
}
