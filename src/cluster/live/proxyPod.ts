import * as l10n from '@vscode/l10n';
import { fields, list, text, texts } from '../../syntax/objects/fields';
import type { PodReference } from '../cluster';
import { ClusterError } from '../error';
import type { ApiObject } from '../object';
import { listPages, type ListQuery } from './list';
import type { Api } from './request';
import type { LiveSettings } from './settings';

/** A pod, as far as the choice needs it. */
interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly nodeName: string | undefined;
  readonly hostNetwork: boolean;
  readonly phase: string;
  readonly containers: readonly { readonly name: string; readonly args: readonly string[] }[];
  /** Why a container does not run: `CrashLoopBackOff`. */
  readonly waiting: ReadonlyMap<string, string>;
}

function readPod(object: ApiObject): Pod {
  const { spec, status } = object as ApiObject & { spec?: unknown; status?: unknown };
  const { nodeName, hostNetwork, containers } = fields(spec);
  const { phase, containerStatuses } = fields(status);
  const waiting = list(containerStatuses).flatMap((value) => {
    const { name, state } = fields(value);
    const { running, waiting, terminated } = fields(state);
    if (running !== undefined || (!waiting && !terminated)) return [];
    const reason = text(fields(waiting)['reason']) ?? text(fields(terminated)['reason']);
    return [[text(name) ?? '', reason ?? 'waiting'] as const];
  });
  return {
    namespace: text(object.metadata.namespace) ?? 'default',
    name: object.metadata.name,
    nodeName: text(nodeName),
    hostNetwork: hostNetwork === true,
    phase: text(phase) ?? 'Unknown',
    containers: list(containers).map((value) => {
      const { name, command, args } = fields(value);
      return { name: text(name) ?? '', args: [...texts(command), ...texts(args)] };
    }),
    waiting: new Map(waiting),
  };
}

export interface ProxyPod extends PodReference {
  /** The container's command and arguments: `--proxy-mode=ipvs`. */
  readonly args: readonly string[];
}

/** kubeadm, kind and EKS use the first, GKE the second. */
const proxyLabels = ['k8s-app=kube-proxy', 'component=kube-proxy'];

/**
 * The pod on a node that has the tools and the node's network: by the setting, else kube-proxy's.
 *
 * @returns undefined when the node has none (k3s, RKE2, Cilium's replacement of kube-proxy)
 * @throws ClusterError no-pod when there is one, but it can't be used now
 */
export async function findProxyPod(
  api: Api,
  node: string,
  { pods: wanted }: LiveSettings,
  signal?: AbortSignal,
): Promise<ProxyPod | undefined> {
  const selectors = wanted ? [wanted] : proxyLabels.map((labelSelector) => ({ labelSelector }));
  let unusable: string | undefined;
  for (const selector of selectors) {
    const fieldSelector = `spec.nodeName=${node}`;
    for (const pod of await podsOf(api, { resource: 'pods', fieldSelector, signal, ...selector })) {
      const reason = unusableBecause(pod, wanted?.container);
      if (!reason) return referenceTo(pod, wanted?.container);
      unusable = l10n.t`Pod ${pod.name} on ${node} ${reason}.`;
    }
  }
  if (unusable) throw new ClusterError('no-pod', unusable);
  return undefined;
}

/** The names of the nodes on which kube-proxy's pods run, each once. */
export async function nodesOfProxyPods(api: Api, signal?: AbortSignal): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const labelSelector of proxyLabels) {
    for (const { nodeName } of await podsOf(api, { resource: 'pods', labelSelector, signal })) {
      if (nodeName) names.add(nodeName);
    }
  }
  return [...names];
}

async function podsOf(api: Api, query: ListQuery): Promise<Pod[]> {
  const pods: Pod[] = [];
  try {
    for await (const { items } of listPages(api, query)) {
      for (const item of items) pods.push(readPod(item));
    }
  } catch (error) {
    const forbidden = error instanceof ClusterError && error.reason === 'forbidden';
    if (!forbidden || query.namespace !== undefined) throw error;
    // A role may be for kube-system only; kube-proxy lives there everywhere.
    return podsOf(api, { ...query, namespace: 'kube-system' });
  }
  return pods;
}

/** The API server lets exec into a completed pod pass and fails late, so the pod is asked first. */
function unusableBecause(pod: Pod, wanted: string | undefined): string | undefined {
  if (!pod.hostNetwork) return l10n.t`does not use the node's network (hostNetwork)`;
  if (pod.phase !== 'Running') return l10n.t`is not running (${pod.phase})`;
  // The phase stays Running while a container is started again and again: exec says "container not found".
  const { container } = referenceTo(pod, wanted);
  const state = pod.waiting.get(container);
  if (state === undefined) return undefined;
  return l10n.t`has no running container ${container} (${state}): see "kubectl logs --previous"`;
}

function referenceTo({ namespace, name, containers }: Pod, wanted: string | undefined): ProxyPod {
  const container =
    containers.find((candidate) => candidate.name === (wanted ?? 'kube-proxy')) ?? containers[0];
  return {
    namespace,
    name,
    container: wanted ?? container?.name ?? '',
    args: container?.args ?? [],
  };
}
