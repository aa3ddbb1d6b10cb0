import * as l10n from '@vscode/l10n';
import { fields, text } from '../../syntax/objects/fields';
import type { PodReference } from '../cluster';
import { ClusterError, isCancelled } from '../error';
import { isApiObject } from '../object';
import { listPages, pathOf } from './list';
import { sleep } from './race';
import { requestJson, type Api } from './request';

/** Found by its label, should VS Code have closed before it was removed. */
const label = { 'app.kubernetes.io/managed-by': 'kube-proxy-inspector' };
/** In seconds. The kubelet stops the pod then, whoever is still there. */
const lifetime = 600;
const startTimeout = 60_000;

/**
 * Makes a short-lived pod with the node's network on a node, lends it, and removes it. The pod is
 * owned by the Node object and stops by itself after ten minutes. The one write this extension
 * does; only after the user said yes.
 */
export async function withDebugPod<T>(
  api: Api,
  node: string,
  image: string,
  signal: AbortSignal | undefined,
  use: (pod: PodReference) => Promise<T>,
): Promise<T> {
  const { namespace } = api.connection;
  await removeLeftovers(api, namespace, node, signal);
  const nodeObject = await requestJson(api, {
    path: `${pathOf('nodes')}/${encodeURIComponent(node)}`,
    right: { verb: 'get', resource: 'nodes' },
    signal,
  });
  const uid = text(fields(fields(nodeObject)['metadata'])['uid']);
  const created = await requestJson(api, {
    method: 'POST',
    path: pathOf('pods', namespace),
    body: manifest(node, uid, image),
    right: { verb: 'create', resource: 'pods', namespace },
    signal,
  });
  if (!isApiObject(created)) {
    throw new ClusterError('server', l10n.t`The cluster does not name the debug pod that it made.`);
  }
  const { name } = created.metadata;
  try {
    await running(api, namespace, name, signal);
    return await use({ namespace, name, container: 'tools' });
  } finally {
    await remove(api, namespace, name);
  }
}

/** Pods that stopped by themselves because VS Code was closed before it removed them. */
async function removeLeftovers(
  api: Api,
  namespace: string,
  node: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const [[key, value]] = Object.entries(label) as [[string, string]];
  const labelSelector = `${key}=${value}`;
  const fieldSelector = `spec.nodeName=${node}`;
  const query = { resource: 'pods', namespace, labelSelector, fieldSelector, signal } as const;
  for await (const { items } of listPages(api, query)) {
    for (const pod of items) {
      const phase = phaseOf(pod);
      if (phase === 'Failed' || phase === 'Succeeded') {
        await remove(api, namespace, pod.metadata.name);
      }
    }
  }
}

function phaseOf(pod: unknown): string | undefined {
  return text(fields(fields(pod)['status'])['phase']);
}

function podPath(namespace: string, name: string): string {
  return `${pathOf('pods', namespace)}/${encodeURIComponent(name)}`;
}

/** iptables-save needs NET_ADMIN; legacy opens a raw socket. */
function manifest(node: string, uid: string | undefined, image: string): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: 'kube-proxy-inspector-',
      labels: label,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node, uid }],
    },
    spec: {
      nodeName: node,
      hostNetwork: true,
      restartPolicy: 'Never',
      activeDeadlineSeconds: lifetime,
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      tolerations: [{ operator: 'Exists' }],
      containers: [
        {
          name: 'tools',
          image,
          command: ['sleep', String(lifetime)],
          securityContext: {
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'], add: ['NET_ADMIN', 'NET_RAW'] },
          },
        },
      ],
    },
  };
}

async function running(
  api: Api,
  namespace: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const end = Date.now() + startTimeout;
  let state = 'Pending';
  while (Date.now() < end) {
    const pod = await requestJson(api, {
      path: podPath(namespace, name),
      right: { verb: 'get', resource: 'pods', namespace },
      signal,
    });
    state = phaseOf(pod) ?? state;
    if (state === 'Running') return;
    if (state === 'Failed' || state === 'Succeeded') break;
    await sleep(500, signal);
  }
  throw new ClusterError('no-pod', l10n.t`The debug pod ${name} does not run (${state}).`);
}

/** Goes on after a cancel: the pod must not stay. */
async function remove(api: Api, namespace: string, name: string): Promise<void> {
  try {
    await requestJson(api, {
      method: 'DELETE',
      path: `${podPath(namespace, name)}?gracePeriodSeconds=0`,
      right: { verb: 'delete', resource: 'pods', namespace },
    });
  } catch (error) {
    if (isCancelled(error) || !(error instanceof ClusterError)) throw error;
    if (error.reason === 'not-found') return;
    api.log.warn(`Pod ${namespace}/${name} could not be removed: ${error.message}`);
  }
}
