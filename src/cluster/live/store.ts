import * as l10n from '@vscode/l10n';
import type { Resource, Stale } from '../cluster';
import { ClusterError, isCancelled } from '../error';
import { applyEvent, fetchAgain, fetchListing, type Listing, type Lower } from './listing';
import { sleep } from './race';
import type { Api } from './request';
import { watchEvents } from './watch';

export interface StoredList<T> {
  readonly items: readonly T[];
  readonly partial?: string | undefined;
  readonly stale?: Stale | undefined;
}

/** One resource's objects: listed once, then kept up to date by a watch. */
export interface ObjectStore<T> {
  /** The same array of items until there is a change. */
  list(signal?: AbortSignal, onProgress?: (objects: number) => void): Promise<StoredList<T>>;
  dispose(): void;
}

export interface StoreOptions<T> {
  readonly resource: Resource;
  /** False for resources that nobody looks at for long. */
  readonly watch: boolean;
  readonly lower: Lower<T>;
  /** Called at most every 200 ms, after a change that the watch brought, and when it fails. */
  readonly onChange: () => void;
}

/** Changes within this time are told once. */
const batch = 200;
const shortestPause = 500;
const longestPause = 30_000;
/** A watch that ends sooner is asked again after a pause, as one that failed. */
const shortestWatch = 5000;

/**
 * A watch is never given up: an API server that restarts refuses, forbids and forgets for some
 * seconds. Until it is back, the list says since when it is not live.
 */
export function createStore<T>(api: Api, options: StoreOptions<T>): ObjectStore<T> {
  const { resource, lower, onChange } = options;
  const ended = new AbortController();
  let listing: Promise<Listing<T>> | undefined;
  let stale: Stale | undefined;
  let timer: NodeJS.Timeout | undefined;

  const changed = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      onChange();
    }, batch);
  };

  const live = () => {
    if (!stale) return;
    stale = undefined;
    changed();
  };

  const failed = (error: ClusterError, pause: number) => {
    api.log.warn(`Watch of ${resource}: ${error.message} Next try in ${pause / 1000} s.`);
    stale = { since: stale?.since ?? new Date().toISOString(), reason: error.message };
    changed();
  };

  async function follow(held: Listing<T>): Promise<void> {
    let current = held;
    let relist = false;
    /** Just read again, because the watch before had expired: one that expires at once has to wait. */
    let isFresh = false;
    for (let pause = shortestPause; ;) {
      let began = Date.now();
      let events = 0;
      let failure: ClusterError | undefined;
      try {
        if (relist) {
          current = await fetchAgain(api, { resource, signal: ended.signal }, lower, current);
          listing = Promise.resolve(current);
          relist = false;
          isFresh = true;
          began = Date.now();
          changed();
        }
        const { namespace, resourceVersion } = current;
        const query = { namespace, resourceVersion, signal: ended.signal, onOpen: live };
        for await (const event of watchEvents(api, resource, query)) {
          events++;
          if (applyEvent(current, event, lower)) changed();
        }
      } catch (error) {
        if (isCancelled(error)) return;
        failure = clusterErrorOf(error);
      }
      const lasted = Date.now() - began >= shortestWatch;
      if (lasted) isFresh = false;
      if (lasted || events > 0) pause = shortestPause;
      if (!failure && lasted) continue;
      if (failure?.reason === 'expired') {
        const isFirst = !relist && !isFresh;
        relist = true;
        if (isFirst) continue;
      }
      if (failure) failed(failure, pause);
      await sleep(pause, ended.signal);
      pause = Math.min(pause * 2, longestPause);
    }
  }

  return {
    async list(signal, onProgress) {
      const fetching = (listing ??= fetchListing(api, { resource, signal }, lower, onProgress).then(
        (held) => {
          if (options.watch && held.resourceVersion !== '') {
            follow(held).catch((error: unknown) => {
              if (!isCancelled(error)) api.log.warn(`Watch of ${resource} ended: ${String(error)}`);
            });
          }
          return held;
        },
      ));
      try {
        const held = await fetching;
        held.items ??= [...held.objects.values()];
        return { items: held.items, partial: held.partial, stale };
      } catch (error) {
        if (listing === fetching) listing = undefined;
        // Whoever asked first has let go of what others still wait for.
        const isOthers = isCancelled(error) && signal?.aborted !== true && !ended.signal.aborted;
        if (isOthers) return this.list(signal, onProgress);
        throw error;
      }
    },
    dispose() {
      ended.abort();
      clearTimeout(timer);
    },
  };
}

/** What is none is a fault of this program, which may not end the watch either. */
function clusterErrorOf(error: unknown): ClusterError {
  if (error instanceof ClusterError) return error;
  return new ClusterError('server', l10n.t`A watch event can't be read: ${String(error)}.`, {
    cause: error,
  });
}
