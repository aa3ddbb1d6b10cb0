import type { ServerResponse } from 'node:http';

export interface ServerObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
}

export function writeJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}

/** One page, with selectors; the continue token is the number of the next object. */
export function listPage(
  resource: string,
  all: readonly ServerObject[],
  namespace: string | undefined,
  query: URLSearchParams,
  pageSize = Infinity,
): unknown {
  const [key, value] = (query.get('labelSelector') ?? '').split('=');
  const node = /^spec\.nodeName=(.*)$/.exec(query.get('fieldSelector') ?? '')?.[1];
  const matching = all.filter(
    ({ metadata, spec }) =>
      (namespace === undefined || metadata.namespace === namespace) &&
      (!key || metadata.labels?.[key] === value) &&
      (node === undefined || (spec as { nodeName?: string }).nodeName === node),
  );
  const start = Number(query.get('continue') ?? 0);
  const end = start + Math.min(Number(query.get('limit') ?? Infinity), pageSize);
  return {
    kind: `${resource}List`,
    apiVersion: 'v1',
    metadata: {
      resourceVersion: '100',
      ...(end < matching.length ? { continue: String(end) } : {}),
    },
    items: matching.slice(start, end),
  };
}
