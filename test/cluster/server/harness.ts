import { ClusterError, type ClusterErrorReason } from '../../../src/cluster/error';
import { silentLog } from '../../../src/cluster/log';
import { connectionOf } from '../../../src/cluster/live/connection';
import type { Entry, Kubeconfig } from '../../../src/cluster/live/kubeconfig';
import type { Api } from '../../../src/cluster/live/request';
import { startApiServer, type ApiServer, type ServerOptions } from './apiServer';
import { tlsFile } from './tls';

const admin = {
  'client-certificate': tlsFile('client.crt'),
  'client-key': tlsFile('client.key'),
};

/** A kubeconfig with one context `test`. */
export function kubeconfigFor(
  server: string,
  { cluster = {}, user = {} }: { cluster?: object; user?: object } = {},
): Kubeconfig {
  const ca = server.startsWith('https:') ? { 'certificate-authority': tlsFile('ca.crt') } : {};
  const entry = (name: string, key: string, value: object): Entry => ({ name, [key]: value });
  return {
    files: [],
    current: 'test',
    contexts: [entry('test', 'context', { cluster: 'test', user: 'test', namespace: 'shop' })],
    clusters: [entry('test', 'cluster', { server, ...ca, ...cluster })],
    users: [entry('test', 'user', server.startsWith('https:') ? { ...admin, ...user } : user)],
    problems: [],
  };
}

/** Runs a test against a server of its own and ends it. */
export function withServer(
  options: ServerOptions,
  body: (server: ApiServer, api: Api) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const server = await startApiServer(options);
    try {
      const connection = connectionOf(kubeconfigFor(server.url), 'test');
      await body(server, { connection, log: silentLog });
    } finally {
      await server.close();
    }
  };
}

/** For assert.rejects. */
export function reason(expected: ClusterErrorReason, message = /./): (error: unknown) => boolean {
  return (error) => {
    if (!(error instanceof ClusterError)) throw error;
    if (error.reason !== expected || !message.test(error.message)) {
      throw new Error(`${error.reason}: ${error.message}, not ${expected}: ${String(message)}`);
    }
    return true;
  };
}

/** Waits until something holds, without the clock: whatever comes in meanwhile is dealt with. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}
