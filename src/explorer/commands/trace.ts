import * as vscode from 'vscode';
import type { Cluster, NodeDumps } from '../../cluster/cluster';
import { ClusterError, isCancelled } from '../../cluster/error';
import { nodeNames } from '../../cluster/nodeNames';
import type { ServiceObject, ServicePort } from '../../core/objects/types';
import { registerCommand } from '../../workspace/command';
import { nodeOf, type ExplorerContext } from '../context';
import { dumpsOf } from '../../workspace/clusters/dumpsOf';
import { nodesUriParts } from '../../workspace/clusters/dumpUri';
import { rulesDump, type RulesDump } from '../rulesDump';
import { endpointNames, portNames, type ServiceNames } from '../serviceNames';
import type { Target } from '../tree/node';

/** "Trace Service", "Trace on Node...", "Show on All Nodes", "Copy Chain Name", "Reveal in Dump": all of one Service port. */
export function registerTrace(context: ExplorerContext): vscode.Disposable[] {
  const traced = (argument: unknown) => nodeOf(context, argument)?.target;
  return [
    registerCommand(context.log, 'kubeProxyInspector.explorer.traceService', (argument) =>
      trace(context, traced(argument), false),
    ),
    registerCommand(context.log, 'kubeProxyInspector.explorer.traceOnNode', (argument) =>
      trace(context, traced(argument), true),
    ),
    registerCommand(context.log, 'kubeProxyInspector.explorer.compareNodes', async (argument) => {
      const target = traced(argument);
      const names = await namesOf(target);
      if (!target || !names) return;
      await vscode.commands.executeCommand('kubeProxyInspector.compareNodes', {
        uri: vscode.Uri.from(nodesUriParts(target.cluster)),
        service: names.id,
      });
    }),
    registerCommand(context.log, 'kubeProxyInspector.explorer.copyChainName', async (argument) => {
      const names = await namesOf(traced(argument));
      const [chain] = names?.chains ?? [];
      if (chain === undefined) return;
      await vscode.env.clipboard.writeText(chain);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Copied {0}', chain), 3000);
    }),
    registerCommand(context.log, 'kubeProxyInspector.explorer.revealInDump', (argument) =>
      reveal(context, traced(argument)),
    ),
  ];
}

/** Traces a Service port that is known by other means: the Kubernetes extension's tree. */
export async function traceServiceOf(
  context: ExplorerContext,
  cluster: Cluster,
  service: ServiceObject,
): Promise<void> {
  await trace(context, { kind: 'service', cluster, service }, false);
}

async function trace(
  { files }: ExplorerContext,
  target: Target | undefined,
  ask: boolean,
): Promise<void> {
  const names = await namesOf(target);
  if (!target || !names) return;
  const dumps = await nodeDumps(target, ask);
  if (!dumps) return;
  const found = await needRules(dumps, names);
  warn(dumps, found);
  await vscode.commands.executeCommand('kubeProxyInspector.traceService', {
    uri: files.uriOf(target.cluster, dumps, found.dump.name),
    service: names.id,
  });
}

/** A dump that lacks rules draws another picture than the kernel's. */
function warn({ node, partial }: NodeDumps, { doubts }: RulesDump): void {
  const sentences = [
    ...doubts.map(({ name, problem }) => `${node}, ${name}: ${problem?.message ?? ''}`),
    ...(partial === undefined ? [] : [`${node}: ${partial}`]),
  ];
  if (sentences.length > 0) void vscode.window.showWarningMessage(sentences.join(' '));
}

async function reveal({ files }: ExplorerContext, target: Target | undefined): Promise<void> {
  const names = await namesOf(target);
  if (!target || !names) return;
  const dumps = await nodeDumps(target, false);
  if (!dumps) return;
  const { dump, mark } = await needRules(dumps, names);
  const uri = files.uriOf(target.cluster, dumps, dump.name);
  const document = await vscode.workspace.openTextDocument(uri);
  const at = mark === undefined ? 0 : document.getText().indexOf(mark);
  const position = document.positionAt(Math.max(0, at));
  await vscode.window.showTextDocument(document, {
    selection: new vscode.Range(position, position),
  });
  if (mark === undefined) {
    const message = vscode.l10n.t('{0} does not name {1}.', dump.name, names.id);
    void vscode.window.showInformationMessage(message);
  }
}

async function needRules(dumps: NodeDumps, { marks }: ServiceNames) {
  const found = await rulesDump(dumps, marks);
  if (found) return found;
  throw new ClusterError(
    'no-pod',
    vscode.l10n.t('{0} has no dump with rules of kube-proxy.', dumps.node),
  );
}

/** The port is asked for where a Service has several. */
async function namesOf(target: Target | undefined): Promise<ServiceNames | undefined> {
  switch (target?.kind) {
    case 'port':
      return portNames(target.service, target.port);
    case 'service': {
      const port = await choosePort(target.service);
      return port && portNames(target.service, port);
    }
    case 'endpoint': {
      const { service, endpoint } = target;
      const port = await choosePort(service);
      return port && endpointNames(service, port, endpoint);
    }
    default:
      return undefined;
  }
}

async function choosePort({ spec, metadata }: ServiceObject): Promise<ServicePort | undefined> {
  const [only, ...others] = spec.ports;
  if (!only || others.length === 0) return only;
  const items = spec.ports.map((port) => ({
    label: `${port.port}/${port.protocol}`,
    description: port.name,
    port,
  }));
  const title = `${metadata.namespace}/${metadata.name}`;
  const placeHolder = vscode.l10n.t('Which port?');
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.port;
}

/** The node of the last trace in each cluster is likely the one wanted next. */
const lastNode = new WeakMap<Cluster, string>();

/** Without asking: the node last used, one whose dumps are held, else the first that has any. */
async function nodeDumps(target: Target, ask: boolean): Promise<NodeDumps | undefined> {
  const { cluster } = target;
  const names = await nodeNames(cluster);
  if (ask) {
    const node = await chooseNode(cluster, names);
    if (node === undefined) return undefined;
    lastNode.set(cluster, node);
    return dumpsOf(cluster, node);
  }
  const last = lastNode.get(cluster);
  const held = names.filter((name) => cluster.heldDumps(name));
  const order = [...new Set([...(last === undefined ? [] : [last]), ...held, ...names])];
  let failure: unknown = new ClusterError('no-pod', vscode.l10n.t('The cluster has no Nodes.'));
  for (const node of order.slice(0, mostTried)) {
    try {
      const dumps = await dumpsOf(cluster, node);
      lastNode.set(cluster, node);
      return dumps;
    } catch (error) {
      if (isCancelled(error)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** Nodes without a kube-proxy pod are passed over; a cluster without any is told soon. */
const mostTried = 5;

async function chooseNode(cluster: Cluster, names: readonly string[]): Promise<string | undefined> {
  const items = names.map((name) => {
    const captured = cluster.heldDumps(name)?.captured;
    return {
      label: name,
      description: captured && vscode.l10n.t('captured {0}', captured.slice(0, 19)),
    };
  });
  const placeHolder = vscode.l10n.t("Trace by which node's dumps?");
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.label;
}
