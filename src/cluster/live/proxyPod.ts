import type { PodReference } from '../cluster';
import { ClusterError } from '../error';
import type { ApiObject } from '../object';
import { listPages, type ListQuery } from './list';
import type { Api } from './request';
import type { LiveSettings } from './settings';

/** A pod, as far as the choice needs it. */
interface Pod extends ApiObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly containers?: readonly {
      readonly name: string;
      readonly command?: readonly string[];
      readonly args?: readonly string[];
    }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly {
      readonly name?: string;
      readonly state?: {
        readonly running?: unknown;
        readonly waiting?: { readonly reason?: string };
        readonly terminated?: { readonly reason?: string };
      };
    }[];
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
      unusable = `Pod ${pod.metadata.name} on ${node} ${reason}.`;
    }
  }
  if (unusable) throw new ClusterError('no-pod', unusable);
  return undefined;
}

/** The names of the nodes on which kube-proxy's pods run, each once. */
export async function nodesOfProxyPods(api: Api, signal?: AbortSignal): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const labelSelector of proxyLabels) {
    for (const { spec } of await podsOf(api, { resource: 'pods', labelSelector, signal })) {
      if (spec?.nodeName) names.add(spec.nodeName);
    }
  }
  return [...names];
}

async function podsOf(api: Api, query: ListQuery): Promise<Pod[]> {
  const pods: Pod[] = [];
  try {
    for await (const page of listPages(api, query)) pods.push(...page.items);
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
  const { spec, status } = pod;
  if (spec?.hostNetwork !== true) return "does not use the node's network (hostNetwork)";
  const phase = status?.phase ?? 'Unknown';
  if (phase !== 'Running') return `is not running (${phase})`;
  // The phase stays Running while a container is started again and again: exec says "container not found".
  const { container } = referenceTo(pod, wanted);
  const own = status?.containerStatuses?.find(({ name }) => name === container);
  const { running, waiting, terminated } = own?.state ?? {};
  if (running !== undefined || (!waiting && !terminated)) return undefined;
  const state = waiting?.reason ?? terminated?.reason ?? 'waiting';
  return `has no running container ${container} (${state}): see "kubectl logs --previous"`;
}

function referenceTo({ metadata, spec }: Pod, wanted: string | undefined): ProxyPod {
  const containers = spec?.containers ?? [];
  const container =
    containers.find(({ name }) => name === (wanted ?? 'kube-proxy')) ?? containers[0];
  return {
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    container: wanted ?? container?.name ?? '',
    args: [...(container?.command ?? []), ...(container?.args ?? [])],
  };
}
