import http, { type IncomingMessage } from 'node:http';
import https, { type RequestOptions } from 'node:https';
import { createGunzip } from 'node:zlib';
import type { Readable } from 'node:stream';
import { ClusterError, throwIfCancelled, type MissingRight } from '../error';
import type { ClusterLog } from '../log';
import type { ClusterConnection } from './connection';
import { errorOfAnswer, errorOfConnection } from './httpError';
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
}

export interface Api {
  readonly connection: ClusterConnection;
  readonly log: ClusterLog;
}

/** Of an answer, unzipped: 500 objects of the 1.5 MB that etcd takes are more than anybody has. */
const longestAnswer = 128 * 1024 * 1024;
/** A server that sends a byte now and then is not silent, and not to be waited for either. */
const longestTime = 300_000;

/**
 * One request and its JSON answer.
 *
 * @throws ClusterError `server` for an answer without end, or that is no JSON
 */
export async function requestJson(api: Api, request: Request): Promise<unknown> {
  const parts: Buffer[] = [];
  let bytes = 0;
  const until = Date.now() + longestTime;
  for await (const part of await openStream(api, request)) {
    bytes += part.length;
    if (bytes > longestAnswer || Date.now() > until) {
      const [path] = request.path.split('?', 1);
      throw new ClusterError('server', `The answer to ${path} is longer than any list.`);
    }
    parts.push(part as Buffer);
  }
  const text = Buffer.concat(parts).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ClusterError('server', `The answer to ${request.path} is no JSON.`, { cause: error });
  }
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
    outgoing.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    outgoing.on('response', (answer) => {
      clearTimeout(timer);
      const code = answer.statusCode ?? 0;
      if (code >= 200 && code < 300) resolve(answer);
      else refused(answer, request).then(reject, reject);
    });
    outgoing.end(sent);
  });
}

function silent(server: string): ClusterError {
  return new ClusterError('timeout', `${server} does not answer.`);
}

async function refused(answer: IncomingMessage, request: Request): Promise<ClusterError> {
  let text = '';
  for await (const part of unzipped(answer)) {
    text += String(part);
    if (text.length > 64 * 1024) break;
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
