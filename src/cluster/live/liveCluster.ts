import * as l10n from '@vscode/l10n';
import type { Cluster, ClusterInfo, NodeDumps, ObjectsByResource, Resource } from '../cluster';
import { fields, text } from '../../syntax/objects/fields';
import { readObject } from '../../syntax/objects/readObject';
import { ClusterError, throwIfCancelled } from '../error';
import { proxyCommandLine } from '../snapshot/redact';
import type { ClusterLog } from '../log';
import { withoutManagedFields, type ApiObject } from '../object';
import { collectNode, proxyConfiguration, textDump, type CollectOptions } from './collect';
import { connectionOf } from './connection';
import { readCounters } from './counters';
import { withDebugPod } from './debugPod';
import type { Kubeconfig } from './kubeconfig';
import { limiter } from './limit';
import { fetchListing } from './listing';
import { findProxyPod, type ProxyPod } from './proxyPod';
import { requestJson, type Api } from './request';
import type { LiveSettings } from './settings';
import { createStore, type ObjectStore } from './store';
import { typeMeta } from './typeMeta';

/** Kept up to date while the cluster is open; pods and Endpoints are listed only for a snapshot. */
const watched: readonly Resource[] = ['services', 'endpointslices', 'nodes'];

/** Kept in this form alone: 5,000 Services as the API sends them are some hundred megabytes. */
function lowerTo<R extends Resource>(
  resource: R,
): (object: ApiObject) => ObjectsByResource[R] | undefined {
  const { kind } = typeMeta[resource];
  return (object) => {
    const read = readObject(object, kind);
    return read?.kind === kind ? (read as ObjectsByResource[R]) : undefined;
  };
}

/**
 * A cluster that answers now. No request is sent before the first call of a method.
 *
 * @param settings asked anew for each fetch
 * @throws ClusterError bad-kubeconfig
 */
export function openLiveCluster(
  kubeconfig: Kubeconfig,
  context: string,
  settings: () => LiveSettings,
  log: ClusterLog,
): Cluster {
  const api: Api = { connection: connectionOf(kubeconfig, context), log };
  const listeners = new Set<(what: Resource | 'dumps') => void>();
  const changed = (what: Resource | 'dumps') => listeners.forEach((listener) => listener(what));
  const stores = new Map<Resource, ObjectStore<ObjectsByResource[Resource]>>();
  const held = new Map<string, NodeDumps>();
  const running = new Map<string, Promise<NodeDumps>>();
  const atATime = limiter(() => settings().parallelNodes);
  const oneAtATime = limiter(() => 1);
  const proxyPods = new Map<string, ProxyPod>();
  const disposed = new AbortController();

  const storeOf = <R extends Resource>(resource: R): ObjectStore<ObjectsByResource[R]> => {
    let store = stores.get(resource) as ObjectStore<ObjectsByResource[R]> | undefined;
    if (!store) {
      store = createStore(api, {
        resource,
        watch: watched.includes(resource),
        lower: lowerTo(resource),
        onChange: () => changed(resource),
      });
      stores.set(resource, store);
    }
    return store;
  };

  const letGo = () => {
    for (const store of stores.values()) store.dispose();
    stores.clear();
    proxyPods.clear();
  };

  return {
    id: `context:${context}`,
    title: context,
    detail: api.connection.address,
    offline: false,
    namespace: api.connection.namespace,
    async info(signal): Promise<ClusterInfo> {
      const version = await requestJson(api, {
        path: '/version',
        right: { verb: 'get', resource: '/version' },
        signal,
      });
      return { version: text(fields(version)['gitVersion']), context };
    },
    list: (resource, options = {}) => storeOf(resource).list(options.signal, options.onProgress),
    async manifests(resource, { signal, onProgress } = {}) {
      const whole = (object: ApiObject): ApiObject => ({
        ...typeMeta[resource],
        ...withoutManagedFields(object),
      });
      const { objects } = await fetchListing(api, { resource, signal }, whole, onProgress);
      return [...objects.values()];
    },
    async dumps(node, options = {}) {
      const now = held.get(node);
      if (now && !options.fresh) return now;
      const signal = AbortSignal.any([disposed.signal, options.signal ?? disposed.signal]);
      const fetching =
        running.get(node) ??
        atATime(
          () => fetchNode(api, node, settings(), { ...options, signal, earlier: held.get(node) }),
          signal,
        ).finally(() => running.delete(node));
      running.set(node, fetching);
      const dumps = await fetching;
      if (options.hold === false) return dumps;
      const before = held.get(node);
      // What was captured whole says more than what was begun.
      if (dumps.partial !== undefined && before && before.partial === undefined) {
        throwIfCancelled(options.signal);
        throw new ClusterError('incomplete', l10n.t`${dumps.partial} The capture before is kept.`);
      }
      held.set(node, dumps);
      changed('dumps');
      return dumps;
    },
    async counters(node, dump, table, asked) {
      const signal = AbortSignal.any([disposed.signal, asked]);
      return oneAtATime(async () => {
        const pod = proxyPods.get(node) ?? (await findProxyPod(api, node, settings(), signal));
        if (!pod) throw noPod(node);
        proxyPods.set(node, pod);
        try {
          return await readCounters(api, pod, dump, table, signal);
        } catch (error) {
          // It may have been replaced: looked for anew the next time.
          proxyPods.delete(node);
          throw error;
        }
      }, signal);
    },
    heldDumps: (node) => held.get(node),
    heldNodes: () => [...held.keys()],
    refresh: letGo,
    onDidChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      // A debug pod is removed by the fetch that made it.
      disposed.abort();
      letGo();
      listeners.clear();
    },
  };
}

async function fetchNode(
  api: Api,
  node: string,
  settings: LiveSettings,
  options: CollectOptions,
): Promise<NodeDumps> {
  const { signal, onProgress } = options;
  onProgress?.(node);
  const pod = await findProxyPod(api, node, settings, signal);
  if (!pod) {
    if (!(await settings.mayCreatePod?.(node, settings.debugImage))) throw noPod(node);
    return withDebugPod(api, node, settings.debugImage, signal, (debugPod) =>
      collectNode(api, node, debugPod, settings, options),
    );
  }
  const collected = await collectNode(api, node, pod, settings, options);
  const configuration = signal?.aborted ? undefined : await proxyConfiguration(api, signal);
  const args = proxyCommandLine(pod.args);
  const extra = [
    ...(configuration === undefined ? [] : [textDump('kube-proxy.config.yaml', configuration)]),
    ...(args.length === 0 ? [] : [textDump('kube-proxy.args.txt', args.join('\n'))]),
  ];
  return { ...collected, dumps: [...collected.dumps, ...extra] };
}

function noPod(node: string): ClusterError {
  return new ClusterError(
    'no-pod',
    l10n.t`No pod of kube-proxy (k8s-app=kube-proxy, component=kube-proxy) runs on ${node}. Name a host-network pod in kubeProxyInspector.pods, or an image for a short-lived one in kubeProxyInspector.debugPod.image.`,
  );
}
