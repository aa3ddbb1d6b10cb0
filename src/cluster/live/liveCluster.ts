import { setImmediate as pause } from 'node:timers/promises';
import type {
  Cluster,
  ClusterInfo,
  ListOptions,
  NodeDumps,
  ObjectsByResource,
  Resource,
} from '../cluster';
import type { ClusterObject } from '../../core/objects/types';
import { readObject } from '../../syntax/objects/readObject';
import { ClusterError } from '../error';
import type { ClusterLog } from '../log';
import type { ApiObject } from '../object';
import { collectNode, proxyConfiguration, textDump, type CollectOptions } from './collect';
import { connectionOf } from './connection';
import { withDebugPod } from './debugPod';
import type { Kubeconfig } from './kubeconfig';
import { limiter } from './limit';
import { findProxyPod } from './proxyPod';
import { requestJson, type Api } from './request';
import type { LiveSettings } from './settings';
import { createStore, type ObjectStore } from './store';

/** Kept up to date while the cluster is open; pods and Endpoints are listed only for a snapshot. */
const watched: readonly Resource[] = ['services', 'endpointslices', 'nodes'];

/** The items of a list name neither their kind nor their version. */
const typeMeta: Readonly<Record<Resource, { readonly apiVersion: string; readonly kind: string }>> =
  {
    services: { apiVersion: 'v1', kind: 'Service' },
    endpointslices: { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
    endpoints: { apiVersion: 'v1', kind: 'Endpoints' },
    nodes: { apiVersion: 'v1', kind: 'Node' },
    pods: { apiVersion: 'v1', kind: 'Pod' },
  };

/** Read once for each object: a list of 5,000 is asked for at every change of one of them. */
const readBefore = new WeakMap<ApiObject, ClusterObject>();

function typed<R extends Resource>(resource: R, object: ApiObject): ObjectsByResource[R][] {
  const read = readBefore.get(object) ?? readObject(object, typeMeta[resource].kind);
  if (!read) return [];
  readBefore.set(object, read);
  // readObject goes by the kind, which is the resource's.
  return [read as ObjectsByResource[R]];
}

/** By list, so that who asks again has the same array. */
const listsBefore = new WeakMap<readonly ApiObject[], readonly ClusterObject[]>();

/** 5,000 objects take longer to read than the extension host may be held up. */
async function readAll<R extends Resource>(
  resource: R,
  items: readonly ApiObject[],
): Promise<readonly ObjectsByResource[R][]> {
  const before = listsBefore.get(items);
  if (before) return before as readonly ObjectsByResource[R][];
  const objects: ObjectsByResource[R][] = [];
  let since = performance.now();
  for (const item of items) {
    objects.push(...typed(resource, item));
    if (performance.now() - since < slice) continue;
    await pause();
    since = performance.now();
  }
  listsBefore.set(items, objects);
  return objects;
}

/** In milliseconds. */
const slice = 10;

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
  const stores = new Map<Resource, ObjectStore>();
  const held = new Map<string, NodeDumps>();
  const running = new Map<string, Promise<NodeDumps>>();
  const atATime = limiter(() => settings().parallelNodes);
  const disposed = new AbortController();

  const storeOf = (resource: Resource) => {
    let store = stores.get(resource);
    if (!store) {
      store = createStore(api, resource, watched.includes(resource), () => changed(resource));
      stores.set(resource, store);
    }
    return store;
  };

  const letGo = () => {
    for (const store of stores.values()) store.dispose();
    stores.clear();
  };

  return {
    id: `context:${context}`,
    title: context,
    detail: api.connection.address,
    offline: false,
    namespace: api.connection.namespace,
    async info(signal): Promise<ClusterInfo> {
      const version = (await requestJson(api, {
        path: '/version',
        right: { verb: 'get', resource: '/version' },
        signal,
      })) as { readonly gitVersion?: string };
      return { version: version.gitVersion, context };
    },
    async list<R extends Resource>(resource: R, options: ListOptions = {}) {
      const list = await storeOf(resource).list(options.signal, options.onProgress);
      return { items: await readAll(resource, list.items), partial: list.partial };
    },
    async manifests(resource, options = {}) {
      const { items } = await storeOf(resource).list(options.signal, options.onProgress);
      return items.map((item) => ({ ...typeMeta[resource], ...item }));
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
      held.set(node, dumps);
      changed('dumps');
      return dumps;
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
  const extra = [
    ...(configuration === undefined ? [] : [textDump('kube-proxy.config.yaml', configuration)]),
    ...(pod.args.length === 0 ? [] : [textDump('kube-proxy.args.txt', pod.args.join('\n'))]),
  ];
  return { ...collected, dumps: [...collected.dumps, ...extra] };
}

function noPod(node: string): ClusterError {
  return new ClusterError(
    'no-pod',
    `No pod labelled k8s-app=kube-proxy or component=kube-proxy runs on ${node}. ` +
      'Name a host-network pod that has the tools in the setting kubeProxyInspector.pods, or an ' +
      'image for a short-lived pod in kubeProxyInspector.debugPod.image.',
  );
}
