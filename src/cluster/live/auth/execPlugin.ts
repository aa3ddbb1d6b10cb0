import * as l10n from '@vscode/l10n';
import { spawn } from 'node:child_process';
import { fields, list, type Fields } from '../../../syntax/objects/fields';
import { ClusterError } from '../../error';
import { readRegularFile } from '../regularFile';
import type { Credential } from './credential';

/** A plugin may open a browser and wait for its user; one that waits longer is stuck. */
const timeout = 180_000;
/** A plugin's words on what went wrong; the rest is dropped. */
const longestText = 64 * 1024;
/** An ExecCredential is some kB. */
const longestAnswer = 1024 * 1024;
/** For output that a child of the plugin, which outlives it, still holds open. In milliseconds. */
const grace = 1000;

/**
 * Runs a kubeconfig user's credential plugin, by client-go's rules
 * (plugin/pkg/client/auth/exec/exec.go): KUBERNETES_EXEC_INFO tells it what is asked, there is no
 * terminal for it, its answer must have a token or a certificate with its key. client-node 1.4.0
 * knows none of these rules.
 *
 * @param exec `users[].user.exec`
 * @param cluster `clusters[].cluster`, for a plugin that wants to know it
 * @throws ClusterError credentials
 */
export async function runExecPlugin(exec: Fields, cluster: Fields): Promise<Credential> {
  const command = String(exec['command'] ?? '');
  if (command === '') throw failed(l10n.t`The credential plugin has no command in the kubeconfig.`);
  if (exec['interactiveMode'] === 'Always') {
    throw failed(
      l10n.t`The credential plugin ${command} asks its questions in a terminal (interactiveMode: Always). Use it with kubectl; in the kubeconfig, IfAvailable lets it run here.`,
    );
  }
  const apiVersion = String(exec['apiVersion'] ?? 'client.authentication.k8s.io/v1');
  const info = {
    apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(exec['provideClusterInfo'] === true ? { cluster: await execCluster(cluster) } : {}),
    },
  };
  const text = await run(exec, command, JSON.stringify(info));
  return credentialOf(text, command, apiVersion);
}

function failed(message: string, cause?: unknown): ClusterError {
  return new ClusterError('credentials', message.trim(), { cause });
}

/** The cluster as ExecCredential has it (client.authentication.k8s.io/v1 Cluster): the CA as data. */
async function execCluster(cluster: Fields): Promise<unknown> {
  const file = cluster['certificate-authority'];
  const own = list(cluster['extensions'])
    .map(fields)
    .find(({ name }) => name === 'client.authentication.k8s.io/exec');
  return {
    server: cluster['server'],
    'tls-server-name': cluster['tls-server-name'],
    'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
    'certificate-authority-data':
      cluster['certificate-authority-data'] ??
      (typeof file === 'string' && file !== ''
        ? (await readRegularFile(file)).toString('base64')
        : undefined),
    'proxy-url': cluster['proxy-url'],
    'disable-compression': cluster['disable-compression'],
    config: own?.['extension'],
  };
}

async function run(exec: Fields, command: string, info: string): Promise<string> {
  const args = list(exec['args']).map(String);
  const env: NodeJS.ProcessEnv = { ...process.env, KUBERNETES_EXEC_INFO: info };
  for (const { name, value } of list(exec['env']).map(fields)) {
    env[String(name)] = String(value ?? '');
  }
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    // spawn's own timeout goes on when there is no such program, and keeps the process alive.
    let stopped = '';
    const stop = (why: string) => {
      stopped = why;
      child.kill();
      // One that does not listen to SIGTERM.
      setTimeout(() => child.kill('SIGKILL'), grace).unref();
    };
    const timer = setTimeout(() => stop(l10n.t`does not end`), timeout);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < longestAnswer) stdout += text;
      else if (stopped === '') stop(l10n.t`prints without end`);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < longestText) stderr += text;
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const missing = error.code === 'ENOENT';
      const hint = missing && typeof exec['installHint'] === 'string' ? exec['installHint'] : '';
      const why = missing
        ? l10n.t`is not installed, or not in the PATH`
        : l10n.t`failed: ${error.message}`;
      reject(failed(l10n.t`The credential plugin ${command} ${why}. ${hint}`, error));
    });
    child.on('exit', () => {
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, grace).unref();
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const words = stderr.trim() === '' ? '.' : `: ${stderr.trim()}`;
      const how = stopped || l10n.t`failed (${code ?? signal ?? ''})`;
      if (code === 0 && stopped === '') resolve(stdout);
      else reject(failed(l10n.t`The credential plugin ${command} ${how}${words}`));
    });
  });
}

function credentialOf(text: string, command: string, apiVersion: string): Credential {
  const wrong = (why: string) => failed(l10n.t`The credential plugin ${command} ${why}.`);
  let answer: { readonly apiVersion?: unknown; readonly status?: unknown };
  try {
    // PowerShell begins what it prints with a byte order mark.
    answer = (JSON.parse(text.replace(/^\ufeff/, '')) ?? {}) as typeof answer;
  } catch {
    throw wrong(l10n.t`printed no ExecCredential`);
  }
  // Old plugins leave it out; one of another version has other fields.
  if (answer.apiVersion !== undefined && answer.apiVersion !== apiVersion) {
    throw wrong(
      l10n.t`answered in ${JSON.stringify(answer.apiVersion)}, but the kubeconfig says ${apiVersion}`,
    );
  }
  const status = (answer.status ?? {}) as Fields;
  const field = (name: string) =>
    (typeof status[name] === 'string' ? status[name] : '') || undefined;
  const token = field('token');
  const certificate = field('clientCertificateData');
  const key = field('clientKeyData');
  if (!token && !certificate && !key) throw wrong(l10n.t`gave neither a token nor a certificate`);
  if (!certificate !== !key)
    throw wrong(l10n.t`gave a certificate without a key, or a key without one`);
  const expires = Date.parse(field('expirationTimestamp') ?? '');
  // Without a time it is good until the cluster says 401.
  return { token, certificate, key, until: Number.isNaN(expires) ? Infinity : expires };
}
