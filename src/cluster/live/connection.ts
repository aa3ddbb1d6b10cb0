import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { ClusterError, throwIfCancelled } from '../error';
import { withoutSecrets } from '../log';
import type { Entry, Kubeconfig } from './kubeconfig';
import { environmentProxy } from './proxy';
import { race } from './race';

/** One kubeconfig context, ready for requests. */
export interface Connection {
  readonly context: string;
  /** Without a slash at the end: `https://10.0.0.1:6443`. */
  readonly server: string;
  /** The context's namespace, else `default`. */
  readonly namespace: string;
  /**
   * What Node's http and ws need: TLS, agent, headers. May run a credential plugin.
   * @throws ClusterError credentials
   */
  options(signal?: AbortSignal): Promise<RequestOptions>;
  /** Lets the next request ask the credential plugin again: after a 401. */
  forgetCredentials(): void;
}

/** kubectl caches a plugin's answer for the process; a minute spares a run for every exec. */
const credentialsLast = 60_000;
/** A plugin may open a browser; client-node would wait for it for ever. */
const credentialsTimeout = 60_000;

/**
 * @throws ClusterError bad-kubeconfig when the context names what the kubeconfig does not hold
 */
export function connectionOf(kubeconfig: Kubeconfig, contextName: string): Connection {
  const context = fields(find(kubeconfig.contexts, contextName, 'context'), 'context');
  const clusterEntry = find(kubeconfig.clusters, String(context['cluster'] ?? ''), 'cluster');
  const cluster = fields(clusterEntry, 'cluster');
  const userName = typeof context['user'] === 'string' ? context['user'] : '';
  const user = userName === '' ? {} : fields(find(kubeconfig.users, userName, 'user'), 'user');
  const server = String(cluster['server'] ?? '').replace(/\/+$/, '');
  if (!URL.canParse(server)) {
    throw new ClusterError('bad-kubeconfig', `Cluster ${clusterEntry.name} names no server.`);
  }
  let held: { readonly until: number; readonly options: Promise<RequestOptions> } | undefined;
  return {
    context: contextName,
    server,
    namespace: typeof context['namespace'] === 'string' ? context['namespace'] : 'default',
    async options(signal) {
      throwIfCancelled(signal);
      if (!held || held.until < Date.now()) {
        held = {
          until: Date.now() + credentialsLast,
          options: authenticate(server, cluster, user),
        };
      }
      const mine = held;
      try {
        return await race(mine.options, {
          signal,
          milliseconds: credentialsTimeout,
          timeout: () => new ClusterError('credentials', 'The credential plugin does not end.'),
        });
      } catch (error) {
        if (held === mine && !(error instanceof ClusterError && error.reason === 'cancelled')) {
          held = undefined;
        }
        throw error;
      }
    },
    forgetCredentials: () => (held = undefined),
  };
}

function find(list: readonly Entry[], name: string, kind: string): Entry {
  const entry = list.find((candidate) => candidate.name === name);
  if (entry) return entry;
  throw new ClusterError('bad-kubeconfig', `The kubeconfig has no ${kind} "${name}".`);
}

function fields(entry: Entry, key: string): Record<string, unknown> {
  const value = entry[key];
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** client-node knows the ways to authenticate; what it leaves out is added before and after. */
async function authenticate(
  server: string,
  cluster: Record<string, unknown>,
  user: Record<string, unknown>,
): Promise<RequestOptions> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const plugin = user['exec'] as Record<string, unknown> | undefined;
  try {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromString(
      JSON.stringify({
        'current-context': 'context',
        contexts: [{ name: 'context', context: { cluster: 'cluster', user: 'user' } }],
        clusters: [{ name: 'cluster', cluster: completeCluster(server, cluster) }],
        users: [{ name: 'user', user: await completeUser(user, cluster) }],
      }),
    );
    const options: RequestOptions = {};
    await kubeConfig.applyToHTTPSOptions(options);
    const groups = user['as-groups'];
    if (Array.isArray(groups) && groups.length > 0) {
      options.headers = { ...options.headers, 'Impersonate-Group': groups.map(String) };
    }
    return options;
  } catch (error) {
    const message = error instanceof Error ? withoutSecrets(error.message).trim() : String(error);
    const who = plugin
      ? `The credential plugin ${String(plugin['command'])} failed`
      : 'Credentials';
    throw new ClusterError('credentials', `${who}: ${message || 'no reason given'}`, {
      cause: error,
    });
  }
}

function completeCluster(
  server: string,
  cluster: Record<string, unknown>,
): Record<string, unknown> {
  const proxy = cluster['proxy-url'] ?? environmentProxy(server);
  return {
    ...cluster,
    server,
    ...(proxy === undefined ? {} : { 'proxy-url': proxy }),
    // client-node refuses http:// (kubectl proxy) unless the TLS that it has not is not verified.
    ...(server.startsWith('http:') ? { 'insecure-skip-tls-verify': true } : {}),
  };
}

/** client-node ignores user.tokenFile (requests would go out anonymous) and never sets KUBERNETES_EXEC_INFO. */
async function completeUser(
  user: Record<string, unknown>,
  cluster: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  if (typeof user['tokenFile'] === 'string' && user['tokenFile'] !== '') {
    return { ...user, token: (await readFile(user['tokenFile'], 'utf8')).trim() };
  }
  const plugin = user['exec'];
  if (typeof plugin !== 'object' || plugin === null) return user;
  const exec = plugin as Record<string, unknown>;
  const info = {
    apiVersion: exec['apiVersion'] ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(exec['provideClusterInfo'] === true ? { cluster } : {}),
    },
  };
  const env = Array.isArray(exec['env']) ? (exec['env'] as unknown[]) : [];
  const execInfo = { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) };
  return { ...user, exec: { ...exec, env: [...env, execInfo] } };
}
