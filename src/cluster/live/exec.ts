import * as l10n from '@vscode/l10n';
import type { RequestOptions } from 'node:https';
import { WebSocket, type ClientOptions, type RawData } from 'ws';
import type { DumpProblem, PodReference } from '../cluster';
import { ClusterError } from '../error';
import { withoutSecrets } from '../secrets/secrets';
import type { ClusterConnection } from './connection';
import { execOutcome, type ExecResult } from './execOutcome';
import { errorOfUpgrade, refusalOf } from './execRefusal';
import { errorOfConnection, parseStatus, type Status } from './httpError';
import { withCredentials, type Api } from './request';
import { withNodeRequest } from './nodeRequest';
import { textCollector } from './textCollector';

export interface ExecRequest {
  readonly pod: PodReference;
  /** One argument an element, never a shell line. */
  readonly command: readonly string[];
  readonly signal?: AbortSignal;
  /** For the whole command, in milliseconds. */
  readonly timeout: number;
  /** Of stdout; more ends the command. */
  readonly byteLimit: number;
}

/** Of stderr, the rest is dropped: a warning is some lines. */
const stderrLimit = 256 * 1024;
const pingInterval = 5_000;
/** A Status is some hundred bytes in one frame; a server that sends more of it is not waited for. */
const statusLimit = 64 * 1024;
const statusFrames = 16;
const silenceLimit = 20_000;
const handshakeTimeout = 30_000;

/**
 * Runs a command in a container as `kubectl exec` does: v5.channel.k8s.io (KEP-4006), else
 * v4.channel.k8s.io, over ws with client-node's credentials. client-node 1.4.0's own Exec is not
 * used: it resolves before the command ends, calls nothing when the connection dies, waits for ever
 * for an upgrade, throws away the body of a refusal, throws uncaught on frames it does not know, and
 * does not hold back a fast server.
 *
 * Resolves with whatever came, and why it is not all; stdin stays closed.
 *
 * @throws ClusterError when the command did not start (403, 401, unreachable, no such pod), or on cancel
 */
export async function exec(api: Api, request: ExecRequest): Promise<ExecResult> {
  const { connection, log } = api;
  const { signal, pod, command } = request;
  const started = performance.now();
  const tell = (outcome: string) => {
    const time = Math.round(performance.now() - started);
    log.debug(`exec ${pod.namespace}/${pod.name}: ${command.join(' ')}: ${outcome}, ${time} ms`);
  };
  try {
    const result = await withCredentials(connection, signal, (options) =>
      attempt(connection, request, options),
    );
    tell(result.problem?.message ?? `${result.bytes} bytes`);
    return result;
  } catch (error) {
    const clusterError = errorOfConnection(error, connection.address);
    tell(clusterError.message);
    throw clusterError;
  }
}

async function attempt(
  { server, address }: ClusterConnection,
  request: ExecRequest,
  options: RequestOptions,
): Promise<ExecResult> {
  const socket = withNodeRequest(
    options,
    () =>
      new WebSocket(
        server.replace(/^http/, 'ws') + execPath(request),
        ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
        { ...(options as ClientOptions), perMessageDeflate: false, handshakeTimeout },
      ),
  );
  try {
    return await run(socket, request, address);
  } finally {
    // The close handshake of a dead network would take ws 30 s.
    socket.terminate();
  }
}

function execPath({ pod, command }: ExecRequest): string {
  const query = new URLSearchParams({ stdout: 'true', stderr: 'true', container: pod.container });
  for (const argument of command) query.append('command', argument);
  const { namespace, name } = pod;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
  return `${path}/exec?${query.toString()}`;
}

/** Channels of KEP-4006 that a server sends on; 0 is stdin, 4 resize, 255 the v5 close. */
const channels = { stdout: 1, stderr: 2, status: 3 };

function run(socket: WebSocket, request: ExecRequest, address: string): Promise<ExecResult> {
  const stdout = textCollector(request.byteLimit);
  const stderr = textCollector(stderrLimit);
  let statusText = '';
  let frames = 0;
  let opened = false;
  let ended = false;
  let lastSign = Date.now();

  return new Promise((resolve, reject) => {
    const finish = (problem: DumpProblem | undefined, status?: Status) => {
      if (ended) return;
      stopTimers();
      resolve(
        execOutcome({
          parts: stdout.end(),
          bytes: stdout.bytes,
          binary: stdout.binary,
          stderr: stderr.end().join(''),
          status,
          problem,
        }),
      );
    };
    const fail = (error: unknown) => {
      stopTimers();
      reject(errorOfConnection(error, address));
    };
    const onAbort = () => fail(new ClusterError('cancelled', l10n.t('Cancelled.')));
    const total = setTimeout(() => {
      const seconds = request.timeout / 1000;
      if (!opened) {
        fail(
          new ClusterError('timeout', l10n.t`The node did not begin the command in ${seconds} s.`),
        );
      } else {
        finish({ kind: 'timeout', message: l10n.t`The command did not end in ${seconds} s.` });
      }
    }, request.timeout);
    // Neither side pings by itself, and the API server does not notice a node that is gone.
    const pinger = setInterval(() => {
      if (!opened) return;
      if (Date.now() - lastSign > silenceLimit) {
        finish({
          kind: 'cut',
          message: l10n.t`The connection went silent before the command ended.`,
        });
      } else socket.ping();
    }, pingInterval);
    const stopTimers = () => {
      ended = true;
      clearTimeout(total);
      clearInterval(pinger);
      request.signal?.removeEventListener('abort', onAbort);
    };
    request.signal?.addEventListener('abort', onAbort, { once: true });

    socket.on('pong', () => (lastSign = Date.now()));
    socket.on('unexpected-response', (_request, answer) => {
      refusalOf(answer, request.pod.namespace, address).then(fail, fail);
    });
    socket.on('open', () => (opened = true));
    socket.on('error', (error) => {
      if (opened) finish({ kind: 'cut', message: l10n.t`The connection broke: ${error.message}.` });
      else fail(errorOfUpgrade(error, address));
    });
    socket.on('message', (data: RawData) => {
      if (ended) return;
      lastSign = Date.now();
      const message = data as Buffer;
      const channel = message[0];
      const payload = message.subarray(1);
      if (channel === channels.stdout && !stdout.add(payload)) {
        const limit = Math.round(request.byteLimit / 1024 / 1024);
        finish({
          kind: 'too-large',
          message: l10n.t`The output is larger than the limit of ${limit} MB.`,
        });
      } else if (channel === channels.stderr) stderr.add(payload);
      else if (channel === channels.status) {
        statusText += payload.toString('utf8');
        frames++;
        const status = parseStatus(statusText);
        if (status) finish(undefined, status);
        else if (statusText.length > statusLimit || frames >= statusFrames) {
          finish({
            kind: 'no-status',
            message: l10n.t`The command ended with a status without end.`,
          });
        }
      }
    });
    socket.on('close', (code: number) => {
      finish(
        code === 1000
          ? {
              kind: 'no-status',
              message: withStatus(l10n.t`The command ended without a status`, statusText),
            }
          : {
              kind: 'cut',
              message: l10n.t`The connection was cut before the command ended (${code}).`,
            },
      );
    });
  });
}

function withStatus(sentence: string, statusText: string): string {
  return statusText === '' ? `${sentence}.` : `${sentence}: ${withoutSecrets(statusText)}`;
}
