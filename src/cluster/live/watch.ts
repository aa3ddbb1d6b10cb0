import * as l10n from '@vscode/l10n';
import { setImmediate as pause } from 'node:timers/promises';
import { finishWith } from '../../core/work';
import { jsonError, parseJson } from '../../syntax/json/parse';
import { fields, number, text } from '../../syntax/objects/fields';
import type { Resource } from '../cluster';
import { ClusterError } from '../error';
import { errorOfAnswer } from './httpError';
import { isApiObject, type ApiObject } from '../object';
import { pathOf } from './list';
import { nestingLimit } from './nesting';
import { openStream, type Api } from './request';
import { typeMeta } from './typeMeta';

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
    const { type, object } = await parse(line);
    if (typeof type !== 'string') throw broken(l10n.t`has no type`);
    const kind = fields(object)['kind'];
    const isOther = kind !== undefined && kind !== typeMeta[resource].kind;
    if (type === 'ERROR') {
      const status = fields(object);
      throw errorOfAnswer(number(status['code']) ?? 500, JSON.stringify(status), right);
    }
    if (type === 'BOOKMARK') {
      if (isOther) continue;
      const version = text(fields(fields(object)['metadata'])['resourceVersion']);
      if (version) yield { type, resourceVersion: version };
    } else if (isChange(type)) {
      if (!isApiObject(object) || isOther) throw broken(l10n.t`has no ${typeMeta[resource].kind}`);
      yield { type, object };
    }
  }
}

function isChange(type: string): type is 'ADDED' | 'MODIFIED' | 'DELETED' {
  return type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED';
}

async function parse(line: string): Promise<Readonly<Record<string, unknown>>> {
  const event = await finishWith(parseJson(line), () => pause(undefined));
  if (event === undefined) throw broken(l10n.t`is no JSON`, jsonError(line));
  return fields(event);
}

/** What it would have told is in the next list: the watch that begins anew would bring it again. */
function broken(how: string, cause?: unknown): ClusterError {
  return new ClusterError('expired', l10n.t`A watch event ${how}.`, { cause });
}

/** etcd takes no object above 1.5 MB; its JSON may be some times as long. */
const longestLine = 8 * 1024 * 1024;

async function* lines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const checkNesting = nestingLimit(() => broken(l10n.t`is nested deeper than any object`));
  let rest: string[] = [];
  let length = 0;
  for await (const part of stream) {
    checkNesting(part);
    const [first = '', ...more] = decoder.decode(part, { stream: true }).split('\n');
    rest.push(first);
    length += first.length;
    if (length > longestLine) throw broken(l10n.t`is too long`);
    if (more.length === 0) continue;
    const whole = [rest.join(''), ...more.slice(0, -1)];
    yield* whole.filter((line) => line !== '');
    rest = more.slice(-1);
    length = rest[0]?.length ?? 0;
  }
}
