import * as l10n from '@vscode/l10n';
import http, { type IncomingMessage } from 'node:http';
import https, { type RequestOptions } from 'node:https';
import { createGunzip } from 'node:zlib';
import type { Readable } from 'node:stream';
import { setImmediate as pause } from 'node:timers/promises';
import { finishWith } from '../../core/work';
import { jsonError, parseJson } from '../../syntax/json/parse';
import { ClusterError, throwIfCancelled, type MissingRight } from '../error';
import type { ClusterLog } from '../log';
import type { ClusterConnection } from './connection';
import { errorOfAnswer, errorOfConnection } from './httpError';
import { nestingLimit } from './nesting';
import { withNodeRequest } from './nodeRequest';

export interface Request {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** With its query: `/api/v1/services?limit=500`. */
  readonly path: string;
  readonly body?: unknown;
  /** What a 403 is about. */
  readonly right: MissingRight;
  readonly signal?: AbortSignal;
  /** The longest silence, in milliseconds, before the answer and within it. */
  readonly silence?: number;
  /** Told the bytes of a JSON answer, unzipped. */
  readonly onRead?: (bytes: number) => void;
}

export interface Api {
  readonly connection: ClusterConnection;
  readonly log: ClusterLog;
}

/**
 * Of an answer, unzipped. Parsed it may take ten times that; a list that is longer is asked for in
 * smaller pages.
 */
const longestAnswer = 32 * 1024 * 1024;
/** A server that sends a byte now and then is not silent, and not to be waited for either. */
const longestTime = 300_000;

/**
 * One request and its JSON answer.
 *
 * @throws ClusterError `server` for an answer without end, or nested without end, or that is no JSON
 */
export async function requestJson(api: Api, request: Request): Promise<unknown> {
  const decoder = new TextDecoder();
  const [path = ''] = request.path.split('?', 1);
  const parts: string[] = [];
  const checkNesting = nestingLimit(
    () =>
      new ClusterError('server', l10n.t`The answer to ${path} is nested deeper than any object.`),
  );
  let bytes = 0;
  const until = Date.now() + longestTime;
  for await (const part of await openStream(api, request)) {
    bytes += part.length;
    if (bytes > longestAnswer) {
      throw new ClusterError('server', l10n.t`The answer to ${path} is longer than any list.`, {
        tooLong: true,
      });
    }
    if (Date.now() > until) {
      throw new ClusterError('server', l10n.t`The answer to ${path} has no end.`);
    }
    checkNesting(part);
    parts.push(decoder.decode(part, { stream: true }));
  }
  parts.push(decoder.decode());
  const text = parts.join('');
  const value = await finishWith(parseJson(text), () => pause(undefined));
  if (value === undefined) {
    const cause = jsonError(text);
    throw new ClusterError('server', l10n.t`The answer to ${path} is no JSON.`, { cause });
  }
  request.onRead?.(bytes);
  return value;
}

/**
 * One request; resolves with the body of a 2xx answer, unzipped. The stream ends with a
 * ClusterError on cancel, silence and a cut connection.
 */
export async function openStream(api: Api, request: Request): Promise<AsyncIterable<Uint8Array>> {
  const { connection, log } = api;
  const started = performance.now();
  const tell = (outcome: string) => {
    const path = request.path.replace(/([?&]continue=)[^&]+/, '$1...');
    const time = Math.round(performance.now() - started);
    log.debug(`${request.method ?? 'GET'} ${path}: ${outcome}, ${time} ms`);
  };
  try {
    const answer = await withCredentials(connection, request.signal, (options) =>
      send(connection, request, options),
    );
    tell(String(answer.statusCode));
    return body(answer, request, connection.address);
  } catch (error) {
    const clusterError = errorOfConnection(error, connection.address);
    tell(clusterError.message);
    throw clusterError;
  }
}

/** Tries with the connection's credential, and after a 401 with a new one, where there may be one. */
export async function withCredentials<T>(
  connection: ClusterConnection,
  signal: AbortSignal | undefined,
  attempt: (options: RequestOptions) => Promise<T>,
): Promise<T> {
  const options = await connection.options(signal);
  throwIfCancelled(signal);
  try {
    return await attempt(options);
  } catch (error) {
    const refused = error instanceof ClusterError && error.detail.status === 401;
    if (!refused || !connection.forgetCredentials(options)) throw error;
    return attempt(await connection.options(signal));
  }
}

async function send(
  connection: ClusterConnection,
  request: Request,
  options: RequestOptions,
): Promise<IncomingMessage> {
  const { signal, silence = 30_000 } = request;
  const url = new URL(connection.server + request.path);
  const sent = request.body === undefined ? undefined : JSON.stringify(request.body);
  return new Promise((resolve, reject) => {
    const outgoing = withNodeRequest(options, () =>
      (url.protocol === 'http:' ? http : https).request(url, {
        ...options,
        method: request.method ?? 'GET',
        signal,
        headers: {
          ...options.headers,
          Accept: 'application/json',
          'Accept-Encoding': 'gzip',
          ...(sent === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
      }),
    );
    const timer = setTimeout(() => outgoing.destroy(silent(connection.address)), silence);
    let hasAnswered = false;
    outgoing.on('error', (error) => {
      clearTimeout(timer);
      // Later ones are the body's, and told by it.
      if (!hasAnswered) reject(error);
    });
    // An answer 101 that nobody asked for ends with neither an error nor a response.
    outgoing.on('close', () => {
      clearTimeout(timer);
      if (hasAnswered) return;
      reject(
        new ClusterError('server', l10n.t`${connection.address} gave no answer to a request.`),
      );
    });
    outgoing.on('response', (answer) => {
      clearTimeout(timer);
      hasAnswered = true;
      const code = answer.statusCode ?? 0;
      if (code >= 200 && code < 300) resolve(answer);
      else refused(answer, request, connection.address).then(reject, reject);
    });
    outgoing.end(sent);
  });
}

function silent(server: string): ClusterError {
  return new ClusterError('timeout', l10n.t`${server} does not answer.`);
}

/** A Status is some hundred bytes; a server that goes on saying why not is not listened to. */
const longestRefusal = 64 * 1024;
const longestRefusalTime = 10_000;

async function refused(
  answer: IncomingMessage,
  request: Request,
  server: string,
): Promise<ClusterError> {
  const decoder = new TextDecoder();
  let text = '';
  const until = setTimeout(() => answer.destroy(silent(server)), longestRefusalTime);
  try {
    for await (const part of body(answer, request, server)) {
      text += decoder.decode(part, { stream: true });
      if (text.length > longestRefusal) break;
    }
  } catch {
    throwIfCancelled(request.signal);
    // The status alone says what is wrong.
  } finally {
    clearTimeout(until);
  }
  const retryAfter = Number(answer.headers['retry-after']);
  return errorOfAnswer(
    answer.statusCode ?? 0,
    text,
    request.right,
    Number.isFinite(retryAfter) ? retryAfter : undefined,
  );
}

function unzipped(answer: IncomingMessage): Readable {
  if (answer.headers['content-encoding'] !== 'gzip') return answer;
  const gunzip = createGunzip();
  answer.on('error', (error) => gunzip.destroy(error));
  return answer.pipe(gunzip);
}

async function* body(
  answer: IncomingMessage,
  { silence = 30_000 }: Request,
  server: string,
): AsyncIterable<Uint8Array> {
  const stream = unzipped(answer);
  let timer: NodeJS.Timeout | undefined;
  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(() => answer.destroy(silent(server)), silence);
  };
  try {
    listen();
    for await (const part of stream) {
      listen();
      yield part as Uint8Array;
    }
  } catch (error) {
    throw errorOfConnection(error, server);
  } finally {
    clearTimeout(timer);
    answer.destroy();
  }
}
