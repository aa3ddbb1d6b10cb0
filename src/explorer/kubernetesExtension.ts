import * as vscode from 'vscode';
import { registerCommand } from '../workspace/command';
import type { ExplorerContext } from './context';
import { traceServiceOf } from './commands/trace';

/** What is used of the Kubernetes extension's API (vscode-kubernetes-tools-api, clusterexplorer v1). */
interface ClusterExplorer {
  resolveCommandTarget(target: unknown):
    | {
        readonly nodeType: string;
        readonly name?: string;
        readonly namespace?: string | null;
        readonly resourceKind?: { readonly manifestKind?: string };
      }
    | undefined;
}

interface KubernetesApi {
  getAPI(
    component: string,
    version: string,
  ): { readonly available: boolean; readonly api?: ClusterExplorer };
}

/** "Trace Service" on a Service of the Kubernetes extension's explorer, where that is installed. */
export function registerKubernetesExtension(context: ExplorerContext): vscode.Disposable {
  return registerCommand(
    context.log,
    'kubeProxyInspector.kubernetes.traceService',
    async (argument) => {
      const extension = vscode.extensions.getExtension<KubernetesApi>(
        'ms-kubernetes-tools.vscode-kubernetes-tools',
      );
      const explorer = (await extension?.activate())?.getAPI('clusterExplorer', 'v1');
      const target = explorer?.available ? explorer.api?.resolveCommandTarget(argument) : undefined;
      if (target?.resourceKind?.manifestKind !== 'Service' || !target.name) {
        const message = vscode.l10n.t('Choose a Service in the Kubernetes explorer.');
        void vscode.window.showInformationMessage(message);
        return;
      }
      await traceNamed(context, target.name, target.namespace ?? undefined);
    },
  );
}

/** Their explorer shows the current context, so its Service is looked for there. */
async function traceNamed(
  context: ExplorerContext,
  name: string,
  namespace: string | undefined,
): Promise<void> {
  const { sources } = await context.sources.list();
  const cluster = sources.find(({ current, folder }) => current && folder === undefined)?.cluster;
  const services = cluster ? (await cluster.list('services')).items : [];
  const service = services.find(
    ({ metadata }) =>
      metadata.name === name && (namespace === undefined || metadata.namespace === namespace),
  );
  if (cluster && service) {
    await traceServiceOf(context, cluster, service);
    return;
  }
  const message = vscode.l10n.t('{0} was not found in the current context.', name);
  void vscode.window.showInformationMessage(message);
}
