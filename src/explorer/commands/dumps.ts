import * as vscode from 'vscode';
import type { Resource } from '../../cluster/cluster';
import { registerCommand } from '../../workspace/command';
import { nodeOf, type ExplorerContext } from '../context';
import { dumpsOf } from '../../workspace/clusters/dumpsOf';
import type { Target } from '../tree/node';

/** "Open Dump", "Fetch Dumps", "Open YAML". */
export function registerDumps(context: ExplorerContext): vscode.Disposable[] {
  const { files, log } = context;
  return [
    registerCommand(log, 'kubeProxyInspector.openDump', async (argument) => {
      const target = nodeOf(context, argument)?.target;
      if (target?.kind !== 'dump') return;
      const { cluster, node, dump } = target;
      const uri = files.uriOf(cluster, await dumpsOf(cluster, node), dump.name);
      await vscode.window.showTextDocument(uri, { preview: true });
      if (dump.problem) {
        void vscode.window.showWarningMessage(`${dump.name}: ${dump.problem.message}`);
      }
    }),
    registerCommand(log, 'kubeProxyInspector.fetchDumps', async (argument) => {
      const target = nodeOf(context, argument)?.target;
      if (target?.kind !== 'node') return;
      await dumpsOf(target.cluster, target.node, true);
      context.provider.redraw();
    }),
    registerCommand(log, 'kubeProxyInspector.openYaml', async (argument) => {
      const target = nodeOf(context, argument)?.target;
      const object = target && objectOf(target);
      if (target && object) await openYaml(target, object);
    }),
  ];
}

interface Named {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
}

function objectOf(target: Target): Named | undefined {
  switch (target.kind) {
    case 'service':
    case 'port':
      return { resource: 'services', ...target.service.metadata };
    case 'node':
      return { resource: 'nodes', namespace: '', name: target.node };
    default:
      return undefined;
  }
}

async function openYaml({ cluster }: Target, { resource, namespace, name }: Named): Promise<void> {
  const { dump } = await import('js-yaml');
  const manifest = (await cluster.manifests(resource)).find(
    ({ metadata }) => metadata.name === name && (metadata.namespace ?? '') === namespace,
  );
  if (!manifest) {
    const message = vscode.l10n.t('{0} is no object of this cluster.', name);
    void vscode.window.showInformationMessage(message);
    return;
  }
  const content = dump(manifest, { noRefs: true, skipInvalid: true });
  const document = await vscode.workspace.openTextDocument({ language: 'yaml', content });
  await vscode.window.showTextDocument(document, { preview: true });
}
