import * as l10n from '@vscode/l10n';
import type { RequestOptions } from 'node:https';
import { ClusterError, errorText, throwIfCancelled } from '../error';
import { fields } from '../../syntax/objects/fields';
import { withoutSecrets } from '../secrets/secrets';
import type { Credential } from './auth/credential';
import { credentialsOf } from './auth/credentials';
import type { Entry, Kubeconfig } from './kubeconfig';
import { proxyFor } from './proxy';
import { race } from './race';
import { readRegularFile } from './regularFile';
import { withoutSlashes } from './serverUrl';

/** One kubeconfig context, ready for requests. */
export interface ClusterConnection {
  readonly context: string;
  /** For requests, without a slash at the end: `https://10.0.0.1:6443`; it may hold a password. */
  readonly server: string;
  /** The server for people, without a user or password, with the proxy on the way there. */
  readonly address: string;
  /** The context's namespace, else `default`. */
  readonly namespace: string;
  /**
   * What Node's http and ws need: TLS, agent, headers. May run a credential plugin.
   * @throws ClusterError credentials
   */
  options(signal?: AbortSignal): Promise<RequestOptions>;
  /**
   * After a 401 to a request with these options: lets the next one ask for a new credential.
   * @returns whether there may be one: a plugin's or a file's
   */
  forgetCredentials(used: RequestOptions): boolean;
}

/** Files of certificates are read again after this time. */
const optionsLast = 60_000;
/** Longer than a credential plugin is let run. */
const credentialsTimeout = 200_000;

/**
 * @throws ClusterError bad-kubeconfig when the context names what the kubeconfig does not hold
 */
export function connectionOf(kubeconfig: Kubeconfig, contextName: string): ClusterConnection {
  const context = fields(find(kubeconfig.contexts, contextName, 'context')['context']);
  const clusterEntry = find(kubeconfig.clusters, String(context['cluster'] ?? ''), 'cluster');
  const cluster = fields(clusterEntry['cluster']);
  const userName = typeof context['user'] === 'string' ? context['user'] : '';
  const user = userName === '' ? {} : fields(find(kubeconfig.users, userName, 'user')['user']);
  const server = withoutSlashes(String(cluster['server'] ?? ''));
  if (!URL.canParse(server)) {
    throw new ClusterError('bad-kubeconfig', l10n.t`Cluster ${clusterEntry.name} names no server.`);
  }
  const proxy = proxyFor(server, cluster['proxy-url']);
  const credentials = credentialsOf(user, cluster, (issuer, config) =>
    httpsOptions(issuer, { ...issuerCluster(config) }, {}),
  );
  interface Held {
    until: number;
    value?: RequestOptions;
    readonly options: Promise<RequestOptions>;
  }
  let held: Held | undefined;
  const hold = (): Held => {
    const mine: Held = { until: Infinity, options: fetch() };
    async function fetch() {
      const credential = await credentials?.get();
      mine.value = await httpsOptions(server, cluster, withCredential(user, credential));
      mine.until = Math.min(Date.now() + optionsLast, credential?.until ?? Infinity);
      return mine.value;
    }
    return mine;
  };
  return {
    context: contextName,
    server,
    address: withoutSecrets(
      proxy ? l10n.t`${server} (through the proxy ${new URL(proxy).host})` : server,
    ),
    namespace: typeof context['namespace'] === 'string' ? context['namespace'] : 'default',
    async options(signal) {
      throwIfCancelled(signal);
      if (!held || held.until <= Date.now()) held = hold();
      const mine = held;
      try {
        return await race(mine.options, {
          signal,
          milliseconds: credentialsTimeout,
          timeout: () =>
            new ClusterError('credentials', l10n.t`The credentials are not to be had.`),
        });
      } catch (error) {
        if (held === mine && !(error instanceof ClusterError && error.reason === 'cancelled')) {
          held = undefined;
        }
        throw error;
      }
    },
    forgetCredentials(used) {
      // Others may have had a 401 for the same credential, and a new one be there already.
      if (held?.value === used) {
        held = undefined;
        credentials?.forget();
      }
      return credentials?.renewable ?? false;
    },
  };
}

function find(list: readonly Entry[], name: string, kind: string): Entry {
  const entry = list.find((candidate) => candidate.name === name);
  if (entry) return entry;
  throw new ClusterError('bad-kubeconfig', l10n.t`The kubeconfig has no ${kind} "${name}".`);
}

/** The rest of what `auth-provider: oidc` knows of its issuer. */
function issuerCluster(config: Record<string, unknown>): Record<string, unknown> {
  return {
    'certificate-authority': config['idp-certificate-authority'],
    'certificate-authority-data': config['idp-certificate-authority-data'],
  };
}

/** client-node 1.4.0 ignores `tokenFile`, and knows too little of plugins and OIDC. */
function withCredential(
  user: Record<string, unknown>,
  credential: Credential | undefined,
): Record<string, unknown> {
  if (!credential) return user;
  const { token, certificate, key } = credential;
  const pem = (text: string) => Buffer.from(text).toString('base64');
  return {
    ...user,
    exec: undefined,
    'auth-provider': undefined,
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined || key === undefined
      ? {}
      : {
          'client-certificate': undefined,
          'client-key': undefined,
          'client-certificate-data': pem(certificate),
          'client-key-data': pem(key),
        }),
  };
}

/**
 * Files of certificates as data. client-node would read them itself, without a pause, a pipe for ever;
 * and where there are both it takes the file, client-go the data.
 */
async function withFiles(entry: Record<string, unknown>): Promise<Record<string, unknown>> {
  const read = { ...entry };
  for (const key of ['certificate-authority', 'client-certificate', 'client-key']) {
    const file = entry[key];
    if (typeof file !== 'string' || file === '') continue;
    delete read[key];
    try {
      read[`${key}-data`] ||= (await readRegularFile(file)).toString('base64');
    } catch (error) {
      throw new Error(`${key} ${file}: ${(error as Error).message}.`, { cause: error });
    }
  }
  return read;
}

/** client-node makes Node's options of a cluster and a user; what it leaves out is added. */
async function httpsOptions(
  server: string,
  cluster: Record<string, unknown>,
  user: Record<string, unknown>,
): Promise<RequestOptions> {
  // Its index would bring the whole generated API along: 2.7 MB for a few options.
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const proxy = proxyFor(server, cluster['proxy-url']);
  try {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromString(
      JSON.stringify({
        'current-context': 'context',
        contexts: [{ name: 'context', context: { cluster: 'cluster', user: 'user' } }],
        clusters: [
          {
            name: 'cluster',
            cluster: {
              ...(await withFiles(cluster)),
              server,
              'proxy-url': proxy,
              // client-node refuses http:// (kubectl proxy) unless the TLS that it has not is not verified.
              ...(server.startsWith('http:') ? { 'insecure-skip-tls-verify': true } : {}),
            },
          },
        ],
        users: [{ name: 'user', user: await withFiles(user) }],
      }),
    );
    // Only the kubeconfig may say otherwise, not NODE_TLS_REJECT_UNAUTHORIZED.
    const options: RequestOptions = { rejectUnauthorized: true };
    await kubeConfig.applyToHTTPSOptions(options);
    if (proxy?.startsWith('https:')) trustProxy(options);
    const groups = user['as-groups'];
    if (Array.isArray(groups) && groups.length > 0) {
      options.headers = { ...options.headers, 'Impersonate-Group': groups.map(String) };
    }
    return options;
  } catch (error) {
    const message = errorText(error).trim();
    throw new ClusterError(
      'credentials',
      l10n.t`Credentials: ${message || l10n.t`no reason given`}`,
      {
        cause: error,
      },
    );
  }
}

/** As Go does it, the cluster's CA vouches for an https:// proxy too. */
function trustProxy({ agent, ca, rejectUnauthorized }: RequestOptions): void {
  // hpagent's own property for the CONNECT request; client-node leaves it empty.
  Object.assign(agent as object, { proxyRequestOptions: { ca, rejectUnauthorized } });
}
