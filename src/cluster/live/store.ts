import type { Resource } from '../cluster';
import { ClusterError, isCancelled } from '../error';
import type { ApiObject } from '../object';
import { listPages, withoutManagedFields, type ListQuery } from './list';
import { sleep } from './race';
import type { Api } from './request';
import { watchEvents } from './watch';

export interface StoredList {
  readonly items: readonly ApiObject[];
  readonly partial?: string;
}

/** One resource's objects: listed once, then kept up to date by a watch. */
export interface ObjectStore {
  /** The same array of items until there is a change. */
  list(signal?: AbortSignal, onProgress?: (objects: number) => void): Promise<StoredList>;
  dispose(): void;
}

interface Listing {
  readonly objects: Map<string, ApiObject>;
  /** undefined: all namespaces. */
  readonly namespace: string | undefined;
  resourceVersion: string;
  partial?: string;
  /** The objects as a list, until one of them changes. */
  items?: readonly ApiObject[] | undefined;
}

/** Changes within this time are told once. */
const batch = 200;
const longestPause = 30_000;

/**
 * @param watch false for resources that nobody looks at for long
 * @param onChange called at most every 200 ms, after a change that the watch brought
 */
export function createStore(
  api: Api,
  resource: Resource,
  watch: boolean,
  onChange: () => void,
): ObjectStore {
  const ended = new AbortController();
  let listing: Promise<Listing> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const changed = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      onChange();
    }, batch);
  };

  async function follow(held: Listing): Promise<void> {
    let current = held;
    for (let pause = 1000; !ended.signal.aborted;) {
      try {
        await followOnce(api, resource, current, ended.signal, changed);
        pause = 1000;
      } catch (error) {
        if (isCancelled(error)) return;
        if (!(error instanceof ClusterError)) throw error;
        if (error.reason === 'forbidden' || error.reason === 'credentials') {
          current.partial = `No longer watched: ${error.message}`;
          changed();
          return;
        }
        if (error.reason === 'expired') {
          current = await fetchAll(api, { resource, signal: ended.signal });
          listing = Promise.resolve(current);
          changed();
          continue;
        }
        api.log.warn(`Watch of ${resource}: ${error.message} Next try in ${pause / 1000} s.`);
        await sleep(pause, ended.signal);
        pause = Math.min(pause * 2, longestPause);
      }
    }
  }

  return {
    async list(signal, onProgress) {
      const mine = (listing ??= fetchAll(api, { resource, signal }, onProgress).then((held) => {
        if (watch) {
          follow(held).catch((error: unknown) => {
            if (!isCancelled(error)) api.log.warn(`Watch of ${resource} ended: ${String(error)}`);
          });
        }
        return held;
      }));
      try {
        const held = await mine;
        held.items ??= [...held.objects.values()];
        return { items: held.items, partial: held.partial };
      } catch (error) {
        if (listing === mine) listing = undefined;
        throw error;
      }
    },
    dispose() {
      ended.abort();
      clearTimeout(timer);
    },
  };
}

/** All pages; with rights in one namespace only, the list of the context's namespace. */
async function fetchAll(
  api: Api,
  query: ListQuery,
  onProgress?: (objects: number) => void,
): Promise<Listing> {
  try {
    return await fetchPages(api, query, onProgress);
  } catch (error) {
    const forbidden = error instanceof ClusterError && error.reason === 'forbidden';
    if (!forbidden || query.resource === 'nodes') throw error;
    const { namespace } = api.connection;
    const listing = await fetchPages(api, { ...query, namespace }, onProgress).catch(() => {
      throw error;
    });
    listing.partial = `Only namespace ${namespace}. ${error.message}`;
    return listing;
  }
}

async function fetchPages(
  api: Api,
  query: ListQuery,
  onProgress?: (objects: number) => void,
): Promise<Listing> {
  const listing: Listing = {
    objects: new Map(),
    namespace: query.namespace,
    resourceVersion: '',
  };
  for await (const page of listPages(api, query)) {
    for (const object of page.items) listing.objects.set(keyOf(object), object);
    listing.resourceVersion = page.resourceVersion;
    if (page.inconsistent) {
      listing.partial = 'The list changed while it was read: some objects may be missing.';
    }
    onProgress?.(listing.objects.size);
  }
  return listing;
}

async function followOnce(
  api: Api,
  resource: Resource,
  listing: Listing,
  signal: AbortSignal,
  changed: () => void,
): Promise<void> {
  const { namespace, resourceVersion } = listing;
  const events = watchEvents(api, resource, { namespace, resourceVersion, signal });
  for await (const { type, object } of events) {
    const version = object.metadata.resourceVersion;
    if (version !== undefined) listing.resourceVersion = version;
    if (type === 'BOOKMARK') continue;
    if (type === 'DELETED') listing.objects.delete(keyOf(object));
    else listing.objects.set(keyOf(object), withoutManagedFields(object));
    listing.items = undefined;
    changed();
  }
}

function keyOf({ metadata }: ApiObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
