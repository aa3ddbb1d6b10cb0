import * as l10n from '@vscode/l10n';
import { setImmediate as pause } from 'node:timers/promises';
import { text } from '../../syntax/objects/fields';
import { ClusterError } from '../error';
import type { ApiObject } from '../object';
import { listPages, type ListQuery } from './list';
import { nodesOfProxyPods } from './proxyPod';
import type { Api } from './request';
import type { WatchEvent } from './watch';

/** What is kept of an object; undefined for one that can't be read. */
export type Lower<T> = (object: ApiObject) => T | undefined;

/** One resource's objects as of a resourceVersion, in the form in which they are used. */
export interface Listing<T> {
  readonly objects: Map<string, T>;
  /** undefined: all namespaces. */
  readonly namespace: string | undefined;
  /** Empty for what no watch can follow. */
  resourceVersion: string;
  /** Why some may be missing. */
  readonly partial?: string | undefined;
  /** The objects as a list, until one of them changes. */
  items?: readonly T[] | undefined;
}

/**
 * All pages; with rights in one namespace only, the list of the context's namespace.
 *
 * @throws ClusterError
 */
export async function fetchListing<T>(
  api: Api,
  query: ListQuery,
  lower: Lower<T>,
  onProgress?: (objects: number) => void,
): Promise<Listing<T>> {
  try {
    return await fetchPages(api, query, lower, onProgress);
  } catch (error) {
    const forbidden = error instanceof ClusterError && error.reason === 'forbidden';
    if (!forbidden) throw error;
    if (query.resource === 'nodes') return nodesOfPods(api, query, lower, error);
    const { namespace } = api.connection;
    const listing = await fetchPages(api, { ...query, namespace }, lower, onProgress).catch(() => {
      throw error;
    });
    return { ...listing, partial: l10n.t`Only namespace ${namespace}. ${error.message}` };
  }
}

/**
 * The same list anew, with the rights that it was first read with: an API server that restarts forbids
 * for a moment what it allows, and a list of one namespace would then stand for that of the cluster.
 *
 * @throws ClusterError
 */
export function fetchAgain<T>(
  api: Api,
  query: ListQuery,
  lower: Lower<T>,
  { namespace }: Listing<T>,
): Promise<Listing<T>> {
  return fetchPages(api, { ...query, namespace }, lower);
}

/** The nodes that have a kube-proxy, for those who may not list Nodes; without a watch. */
async function nodesOfPods<T>(
  api: Api,
  { signal }: ListQuery,
  lower: Lower<T>,
  forbidden: ClusterError,
): Promise<Listing<T>> {
  const names = await nodesOfProxyPods(api, signal).catch(() => []);
  if (names.length === 0) throw forbidden;
  const objects = new Map<string, T>();
  for (const name of names) {
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name } };
    const read = lower(node);
    if (read !== undefined) objects.set(keyOf(node), read);
  }
  const partial = l10n.t`${forbidden.message} These are the nodes on which kube-proxy's pods run.`;
  return { objects, namespace: undefined, resourceVersion: '', partial };
}

/** 500 objects take longer to read than the extension host may be held up. In milliseconds. */
const slice = 10;

async function fetchPages<T>(
  api: Api,
  query: ListQuery,
  lower: Lower<T>,
  onProgress?: (objects: number) => void,
): Promise<Listing<T>> {
  const objects = new Map<string, T>();
  const reasons = new Set<string>();
  let resourceVersion = '';
  let since = performance.now();
  for await (const page of listPages(api, query)) {
    let { broken } = page;
    for (const object of page.items) {
      const read = lower(object);
      if (read === undefined) broken++;
      else objects.set(keyOf(object), read);
      if (performance.now() - since < slice) continue;
      await pause();
      since = performance.now();
    }
    resourceVersion = page.resourceVersion;
    if (page.inconsistent) {
      reasons.add(l10n.t`The list changed while it was read: some objects may be missing.`);
    }
    if (broken > 0) reasons.add(l10n.t`The server sent items that are no objects.`);
    onProgress?.(objects.size);
  }
  const partial = reasons.size > 0 ? [...reasons].join(' ') : undefined;
  return { objects, namespace: query.namespace, resourceVersion, partial };
}

/**
 * Brings a listing up to date by one event of its watch.
 *
 * @returns whether an object changed
 */
export function applyEvent<T>(listing: Listing<T>, event: WatchEvent, lower: Lower<T>): boolean {
  if (event.type === 'BOOKMARK') {
    listing.resourceVersion = event.resourceVersion;
    return false;
  }
  const { type, object } = event;
  listing.resourceVersion = text(object.metadata.resourceVersion) ?? listing.resourceVersion;
  const read = type === 'DELETED' ? undefined : lower(object);
  if (read === undefined) listing.objects.delete(keyOf(object));
  else listing.objects.set(keyOf(object), read);
  listing.items = undefined;
  return true;
}

function keyOf({ metadata }: ApiObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
