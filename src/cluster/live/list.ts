import type { Resource } from '../cluster';
import { ClusterError, type MissingRight } from '../error';
import { isApiObject, type ApiObject } from '../object';
import { sleep } from './race';
import { requestJson, type Api } from './request';

export interface Page {
  readonly items: readonly ApiObject[];
  readonly resourceVersion: string;
  /** Set once a continue token had expired: changes in between may show, or not. */
  readonly inconsistent: boolean;
  /** Items that are no objects. */
  readonly broken: number;
}

export interface ListQuery {
  readonly resource: Resource;
  /** undefined: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly signal?: AbortSignal;
}

/** Objects a page; the API server's own clients use the same. */
const pageSize = 500;
const mostTries = 4;
/** In seconds; a server that asks for more is asked again by whoever waits. */
const longestWait = 30;
/** Half a million objects: a server that sends more pages sends them without end. */
const mostPages = 1000;

/** `/api/v1/namespaces/NS/pods`, without a query. */
export function pathOf(resource: Resource, namespace?: string): string {
  const group = resource === 'endpointslices' ? '/apis/discovery.k8s.io/v1' : '/api/v1';
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${group}${scope}/${resource}`;
}

/**
 * A list page by page. A throttled request is repeated after Retry-After; an expired continue
 * token goes on with the token of the 410 answer, or from the start where that holds none.
 */
export async function* listPages(api: Api, query: ListQuery): AsyncGenerator<Page> {
  let token: string | undefined;
  let inconsistent = false;
  let pages = 0;
  do {
    if (++pages > mostPages) {
      throw new ClusterError('server', `The list of ${query.resource} has no end.`);
    }
    let answer: ListAnswer;
    try {
      answer = await onePage(api, query, token);
    } catch (error) {
      const next = error instanceof ClusterError ? error.detail.continueToken : undefined;
      if (!token || inconsistent || !next) throw error;
      token = next;
      inconsistent = true;
      continue;
    }
    token = answer.metadata?.continue || undefined;
    const items = answer.items.filter(isApiObject);
    yield {
      items,
      broken: answer.items.length - items.length,
      resourceVersion: answer.metadata?.resourceVersion ?? '',
      inconsistent,
    };
  } while (token);
}

interface ListAnswer {
  readonly metadata?: { readonly continue?: string; readonly resourceVersion?: string };
  readonly items: readonly unknown[];
}

async function onePage(api: Api, query: ListQuery, token?: string): Promise<ListAnswer> {
  const { resource, namespace, signal } = query;
  const parameters = new URLSearchParams({ limit: String(pageSize) });
  if (token) parameters.set('continue', token);
  if (query.labelSelector) parameters.set('labelSelector', query.labelSelector);
  if (query.fieldSelector) parameters.set('fieldSelector', query.fieldSelector);
  const path = `${pathOf(resource, namespace)}?${parameters.toString()}`;
  const right: MissingRight = { verb: 'list', resource, namespace };
  for (let tries = 1; ; tries++) {
    try {
      const answer = await requestJson(api, { path, right, signal });
      const { items } = answer as Partial<ListAnswer>;
      // Go writes null for an empty list of some kinds.
      return { ...(answer as ListAnswer), items: Array.isArray(items) ? items : [] };
    } catch (error) {
      if (!(error instanceof ClusterError) || error.reason !== 'throttled') throw error;
      if (tries === mostTries) throw error;
      const wait = error.detail.retryAfter ?? tries;
      if (wait > longestWait) throw error;
      await sleep(wait * 1000, signal);
    }
  }
}
