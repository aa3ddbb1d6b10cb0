import * as l10n from '@vscode/l10n';
import type { IncomingMessage } from 'node:http';
import { ClusterError } from '../error';
import { beginningWithoutSecrets } from '../secrets/secrets';
import { errorOfAnswer, errorOfConnection, parseStatus } from './httpError';

/** Characters of a refusal that are read: a proxy may answer with a page. */
const longestRefusal = 64 * 1024;
/** Of a page so many are told. */
const mostOfPage = 200;

/** The answer to an upgrade that is none. Since 1.35 exec needs get (it is a GET) and create. */
export async function refusalOf(
  answer: IncomingMessage,
  namespace: string,
  server: string,
): Promise<ClusterError> {
  const code = answer.statusCode ?? 0;
  let body = '';
  for await (const part of answer) {
    body += String(part);
    if (body.length > longestRefusal) break;
  }
  const verb = body.includes('cannot get') ? 'get' : 'create';
  const error = errorOfAnswer(code, body, { verb, resource: 'pods/exec', namespace });
  if (isStripped(code, body) || isOfGateway(code, body)) {
    const told = beginningWithoutSecrets((parseStatus(body)?.message ?? body).trim(), mostOfPage);
    return withoutWebSocket(l10n.t`${server} answered ${code}. ${told}`.trim(), error.detail);
  }
  if (error.reason !== 'forbidden') return error;
  const why =
    verb === 'get'
      ? l10n.t`A command over a WebSocket needs the verbs get and create; kubectl does with create alone, since it goes over to SPDY.`
      : l10n.t`A command over a WebSocket needs the verbs get and create.`;
  return new ClusterError('forbidden', `${error.message} ${why}`, error.detail);
}

/**
 * A request that was no upgrade any more when it came to the API server (apimachinery's upgradeaware.go says so),
 * or that something on the way took for one of its own.
 */
function isStripped(code: number, body: string): boolean {
  return code < 400 || code === 426 || (code === 400 && body.includes('Upgrade request required'));
}

/** A page, or a gateway's own codes: API server and kubelet answer with a Status or plain text. */
function isOfGateway(code: number, body: string): boolean {
  return /^\s*</.test(body) || ((code === 502 || code === 504) && !parseStatus(body)?.status);
}

/** An upgrade that failed: by the network, or since what answered does not speak WebSocket whole. */
export function errorOfUpgrade(error: Error, server: string): ClusterError {
  // RFC 6455, 4.2.2: what ws finds missing in the answer 101.
  const isHalf = /subprotocol|Sec-WebSocket-Accept|Upgrade header|permessage/i.test(error.message);
  if (!isHalf) return errorOfConnection(error, server);
  const said = l10n.t`${server} did not open a WebSocket: ${error.message}.`;
  return withoutWebSocket(said, { cause: error });
}

function withoutWebSocket(said: string, detail: ClusterError['detail']): ClusterError {
  const why = l10n.t`Commands on a node go over a WebSocket, which a proxy or gateway before the API server seems not to let through. Have it pass the headers Upgrade and Connection on; or, where kubectl exec works (it goes over to SPDY), save what it prints in a folder and open that as a snapshot.`;
  return new ClusterError('server', `${said} ${why}`, detail);
}
