import * as l10n from '@vscode/l10n';
import { fields, list, text } from '../../syntax/objects/fields';
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

/** Objects a page at most; the API server's own clients use the same. */
const largestPage = 500;
/**
 * A Service is a kilobyte; a Node with its images and a slice of a hundred endpoints are thirty, and a page
 * of 500 of them would take 100 ms to parse.
 */
const firstPage: Readonly<Partial<Record<Resource, number>>> = {
  nodes: 100,
  pods: 100,
  endpoints: 100,
  endpointslices: 100,
};
/** What a page should come to, in bytes: JSON.parse takes some 100 MB a second. */
const aimedBytes = 2 * 1024 * 1024;
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
  let limit = firstPage[query.resource] ?? largestPage;
  for (let pages = 1; ; pages++) {
    if (pages > mostPages) {
      throw new ClusterError('server', l10n.t`The list of ${query.resource} has no end.`);
    }
    let answer: ListAnswer;
    try {
      answer = await onePage(api, query, limit, token);
    } catch (error) {
      const { continueToken, tooLong } = error instanceof ClusterError ? error.detail : {};
      if (tooLong && limit > smallestPage) {
        limit = Math.max(smallestPage, Math.floor(limit / 10));
        continue;
      }
      if (!token || inconsistent || !continueToken) throw error;
      token = continueToken;
      inconsistent = true;
      continue;
    }
    const { resourceVersion, bytes, all } = answer;
    token = answer.token;
    if (all.length > 0) limit = pageFor(bytes / all.length);
    const items = all.filter(isApiObject);
    yield { items, broken: all.length - items.length, resourceVersion, inconsistent };
    if (!token) return;
  }
}

/** Objects that etcd takes, each of the largest kind, in one answer. */
const smallestPage = 5;

function pageFor(bytesOfEach: number): number {
  const fitting = Math.floor(aimedBytes / bytesOfEach);
  return Math.min(largestPage, Math.max(smallestPage, fitting));
}

interface ListAnswer {
  readonly all: readonly unknown[];
  readonly resourceVersion: string;
  readonly token: string | undefined;
  readonly bytes: number;
}

async function onePage(
  api: Api,
  query: ListQuery,
  limit: number,
  token?: string,
): Promise<ListAnswer> {
  const { resource, namespace, signal } = query;
  const parameters = new URLSearchParams({ limit: String(limit) });
  if (token) parameters.set('continue', token);
  if (query.labelSelector) parameters.set('labelSelector', query.labelSelector);
  if (query.fieldSelector) parameters.set('fieldSelector', query.fieldSelector);
  const path = `${pathOf(resource, namespace)}?${parameters.toString()}`;
  const right: MissingRight = { verb: 'list', resource, namespace };
  for (let tries = 1; ; tries++) {
    try {
      let bytes = 0;
      const onRead = (count: number) => (bytes = count);
      const answer = fields(await requestJson(api, { path, right, signal, onRead }));
      const { items, kind } = answer;
      // Go writes null for an empty list of some kinds. Anything else is some other program's answer,
      // which says nothing on what there is.
      const isEmpty = (items ?? null) === null && text(kind)?.endsWith('List');
      if (!Array.isArray(items) && !isEmpty) {
        throw new ClusterError(
          'server',
          l10n.t`The answer to ${pathOf(resource, namespace)} is no list.`,
        );
      }
      const metadata = fields(answer['metadata']);
      return {
        all: list(items),
        resourceVersion: text(metadata['resourceVersion']) ?? '',
        token: text(metadata['continue']) || undefined,
        bytes,
      };
    } catch (error) {
      if (!(error instanceof ClusterError) || error.reason !== 'throttled') throw error;
      if (tries === mostTries) throw error;
      const wait = error.detail.retryAfter ?? tries;
      if (wait > longestWait) throw error;
      await sleep(wait * 1000, signal);
    }
  }
}
