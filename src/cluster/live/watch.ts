import type { Resource } from '../cluster';
import { ClusterError } from '../error';
import { errorOfAnswer } from './httpError';
import type { ApiObject } from '../object';
import { pathOf } from './list';
import { openStream, type Api } from './request';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: ApiObject;
}

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
  options: { namespace?: string | undefined; resourceVersion: string; signal: AbortSignal },
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
  for await (const line of lines(await openStream(api, { path, right, signal, silence }))) {
    const event = parse(line);
    if (event.type === 'ERROR') {
      const { code = 500 } = event.object as { code?: number };
      throw errorOfAnswer(code, JSON.stringify(event.object), right);
    }
    yield event as WatchEvent;
  }
}

function parse(line: string): { readonly type: string; readonly object: unknown } {
  try {
    return JSON.parse(line) as { type: string; object: unknown };
  } catch (error) {
    throw new ClusterError('server', 'A watch event is no JSON.', { cause: error });
  }
}

async function* lines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const part of stream) {
    const split = (rest + decoder.decode(part, { stream: true })).split('\n');
    rest = split.pop() ?? '';
    yield* split.filter((line) => line !== '');
  }
}
