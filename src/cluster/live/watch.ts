import type { Resource } from '../cluster';
import { ClusterError } from '../error';
import { errorOfAnswer } from './httpError';
import { isApiObject, type ApiObject } from '../object';
import { pathOf } from './list';
import { openStream, type Api } from './request';

export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: ApiObject }
  /** Nothing changed until then. */
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

/** The server ends a watch by itself after this time; a watch without it may hang for ever. */
const timeoutSeconds = 300;
/** A bookmark comes about once a minute; a longer silence is a dead connection. */
const silence = 100_000;

/**
 * The changes of one resource after a resourceVersion, until the server ends the watch.
 *
 * @throws ClusterError `expired` when the resourceVersion is too old: then list again. It comes as
 *   an ERROR event under HTTP 200, or as HTTP 410.
 */
export async function* watchEvents(
  api: Api,
  resource: Resource,
  options: {
    readonly namespace?: string | undefined;
    readonly resourceVersion: string;
    readonly signal: AbortSignal;
    /** Called once the server has begun to answer. */
    readonly onOpen?: () => void;
  },
): AsyncGenerator<WatchEvent> {
  const { namespace, resourceVersion, signal } = options;
  const query = new URLSearchParams({
    watch: 'true',
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(timeoutSeconds),
    resourceVersion,
  });
  const right = { verb: 'watch', resource, namespace };
  const path = `${pathOf(resource, namespace)}?${query.toString()}`;
  const stream = await openStream(api, { path, right, signal, silence });
  options.onOpen?.();
  for await (const line of lines(stream)) {
    const { type, object } = parse(line);
    if (type === 'ERROR') {
      const { code = 500 } = (object ?? {}) as { readonly code?: number };
      throw errorOfAnswer(code, JSON.stringify(object ?? {}), right);
    }
    if (type === 'BOOKMARK') {
      const { metadata = {} } = (object ?? {}) as { metadata?: { resourceVersion?: string } };
      if (metadata.resourceVersion !== undefined)
        yield { type, resourceVersion: metadata.resourceVersion };
    } else if (isChange(type)) {
      if (!isApiObject(object)) throw new ClusterError('server', 'A watch event has no object.');
      yield { type, object };
    }
  }
}

function isChange(type: unknown): type is 'ADDED' | 'MODIFIED' | 'DELETED' {
  return type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED';
}

function parse(line: string): { readonly type?: unknown; readonly object?: unknown } {
  try {
    return (JSON.parse(line) ?? {}) as { type?: unknown; object?: unknown };
  } catch (error) {
    throw new ClusterError('server', 'A watch event is no JSON.', { cause: error });
  }
}

/** etcd takes no object above 1.5 MB; its JSON may be some times as long. */
const longestLine = 16 * 1024 * 1024;

async function* lines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  let length = 0;
  for await (const part of stream) {
    const [first = '', ...more] = decoder.decode(part, { stream: true }).split('\n');
    rest.push(first);
    length += first.length;
    if (length > longestLine) throw new ClusterError('server', 'A watch event is too long.');
    if (more.length === 0) continue;
    const whole = [rest.join(''), ...more.slice(0, -1)];
    yield* whole.filter((line) => line !== '');
    rest = more.slice(-1);
    length = rest[0]?.length ?? 0;
  }
}
