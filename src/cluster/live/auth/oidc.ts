import * as l10n from '@vscode/l10n';
import http from 'node:http';
import https, { type RequestOptions } from 'node:https';
import { ClusterError } from '../../error';
import { beginningWithoutSecrets } from '../../secrets/secrets';
import { mostTold } from '../httpError';
import { withNodeRequest } from '../nodeRequest';
import { withoutSlashes } from '../serverUrl';
import type { Credential } from './credential';

type Config = Readonly<Record<string, unknown>>;

/** Before its end a token counts as expired: client-go's expiryDelta. */
const leeway = 10_000;
const timeout = 30_000;
const longestAnswer = 1024 * 1024;

/**
 * The token of `auth-provider: oidc`, by client-go's rules (plugin/pkg/client/auth/oidc/oidc.go):
 * the id-token while it is valid, else a new one for the refresh-token. client-node 1.4.0 can't
 * refresh: it hands openid-client 6 a string where that wants a URL.
 *
 * @param config `users[].user.auth-provider.config`
 * @param optionsFor what Node's http needs for the issuer: its CA, a proxy
 * @returns the credential, and the refresh token that stands in for the old one from now on
 * @throws ClusterError credentials
 */
export async function oidcCredential(
  config: Config,
  optionsFor: (issuer: string) => Promise<RequestOptions>,
): Promise<Credential & { readonly refreshToken: string }> {
  const text = (key: string) => String(config[key] ?? '');
  const idToken = text('id-token');
  const refreshToken = text('refresh-token');
  const until = expiry(idToken) - leeway;
  if (until > Date.now()) return { token: idToken, until, refreshToken };
  if (refreshToken === '') {
    throw failed(l10n.t`the id-token has expired, and there is no refresh-token. Log in again`);
  }
  const issuer = withoutSlashes(text('idp-issuer-url'));
  if (!URL.canParse(issuer)) throw failed(l10n.t`the kubeconfig names no idp-issuer-url`);
  const options = await optionsFor(issuer);
  const discovery = await ask(`${issuer}/.well-known/openid-configuration`, options);
  const endpoint = String(discovery['token_endpoint'] ?? '');
  if (!URL.canParse(endpoint)) throw failed(l10n.t`${issuer} names no token endpoint`);
  const answer = await ask(
    endpoint,
    { ...options, auth: undefined },
    new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: text('client-id'),
      ...(text('client-secret') === '' ? {} : { client_secret: text('client-secret') }),
    }),
  );
  const token = answer['id_token'];
  if (typeof token !== 'string') {
    throw failed(
      l10n.t`the answer to the refresh-token holds no id_token: log in with scope openid`,
    );
  }
  const next = answer['refresh_token'];
  return {
    token,
    until: expiry(token) - leeway,
    refreshToken: typeof next === 'string' && next !== '' ? next : refreshToken,
  };
}

function failed(why: string, cause?: unknown): ClusterError {
  return new ClusterError('credentials', `OIDC: ${why}.`, { cause });
}

/** `exp` of a JSON Web Token, in milliseconds; 0 for what is none. */
function expiry(token: string): number {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
    return Number((JSON.parse(payload) as { exp?: unknown }).exp) * 1000 || 0;
  } catch {
    return 0;
  }
}

/** A JSON answer to a GET, or to a POST of a form. */
async function ask(
  address: string,
  options: RequestOptions,
  form?: URLSearchParams,
): Promise<Config> {
  const url = new URL(address);
  const request = withNodeRequest(options, () =>
    (url.protocol === 'http:' ? http : https).request(url, {
      ...options,
      method: form ? 'POST' : 'GET',
      signal: AbortSignal.timeout(timeout),
      headers: {
        Accept: 'application/json',
        ...(form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
      },
    }),
  );
  try {
    const answer = new Promise<http.IncomingMessage>((resolve, reject) => {
      request.on('response', resolve).on('error', reject);
    });
    request.end(form?.toString());
    const response = await answer;
    let body = '';
    for await (const part of response.setEncoding('utf8')) {
      body += String(part);
      if (body.length > longestAnswer) break;
    }
    const value = JSON.parse(body) as Config | null;
    if (response.statusCode === 200) return value ?? {};
    const words = String(value?.['error_description'] ?? value?.['error'] ?? '');
    const told = beginningWithoutSecrets(words, mostTold);
    throw failed(l10n.t`${url.origin} answered ${response.statusCode ?? ''} ${told}`.trim());
  } catch (error) {
    if (error instanceof ClusterError) throw error;
    throw failed(l10n.t`${url.origin} can't be asked: ${(error as Error).message}`, error);
  }
}
