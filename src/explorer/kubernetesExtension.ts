import * as vscode from 'vscode';
import type { ServiceObject } from '../core/objects/types';
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
  ): { readonly available: boolean; readonly api?: ClusterExplorer; readonly reason?: string };
}

const extensionId = 'ms-kubernetes-tools.vscode-kubernetes-tools';

/** "Trace Service" on a Service of the Kubernetes extension's explorer, where that is installed. */
export function registerKubernetesExtension(context: ExplorerContext): vscode.Disposable {
  return registerCommand(
    context.log,
    'kubeProxyInspector.kubernetes.traceService',
    async (argument) => {
      const extension = vscode.extensions.getExtension<KubernetesApi>(extensionId);
      const answer = (await extension?.activate())?.getAPI('clusterExplorer', 'v1');
      if (!answer?.available || !answer.api) {
        throw new Error(
          vscode.l10n.t(
            'The Kubernetes extension does not tell which Service it is ({0}). Use the view Kube-Proxy.',
            answer?.reason ?? vscode.l10n.t('it has no cluster explorer API v1'),
          ),
        );
      }
      const target = answer.api.resolveCommandTarget(argument);
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
  const { sources, broken } = await context.sources.list();
  const cluster = sources.find(({ current, folder }) => current && folder === undefined)?.cluster;
  if (!cluster) {
    throw broken[0]?.error ?? new Error(vscode.l10n.t('The kubeconfig has no current context.'));
  }
  const { items, partial } = await cluster.list('services');
  const named = items.filter(
    ({ metadata }) =>
      metadata.name === name && (namespace === undefined || metadata.namespace === namespace),
  );
  const service = named.length > 1 ? await chooseNamespace(named) : named[0];
  if (service) await traceServiceOf(context, cluster, service);
  if (named.length > 0) return;
  const full = namespace === undefined ? name : `${namespace}/${name}`;
  const message = vscode.l10n.t('{0} was not found in the context {1}.', full, cluster.title);
  void vscode.window.showInformationMessage(partial ? `${message} ${partial}` : message);
}

async function chooseNamespace(
  services: readonly ServiceObject[],
): Promise<ServiceObject | undefined> {
  const items = services.map((service) => ({ label: service.metadata.namespace, service }));
  const placeHolder = vscode.l10n.t('In which namespace?');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.service;
}
