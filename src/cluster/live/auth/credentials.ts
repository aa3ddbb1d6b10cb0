import * as l10n from '@vscode/l10n';
import type { RequestOptions } from 'node:https';
import { isRecord } from '../../../core/record';
import { fields, type Fields } from '../../../syntax/objects/fields';
import { ClusterError } from '../../error';
import type { Credential } from './credential';
import { readRegularFile } from '../regularFile';
import { runExecPlugin } from './execPlugin';
import { oidcCredential } from './oidc';

/** The credential of a kubeconfig user that is had from elsewhere: a program, an issuer, a file. */
export interface Credentials {
  /** Whether another may be had at once when the cluster says 401. */
  readonly renewable: boolean;
  /**
   * The one that is held while it is good, for all that ask.
   * @throws ClusterError credentials
   */
  get(): Promise<Credential>;
  forget(): void;
}

/** client-go reads a token file again after this time: a mounted token is replaced in place. */
const fileLasts = 60_000;

/**
 * @param user `users[].user`, `cluster` `clusters[].cluster`
 * @param optionsFor what Node's http needs to reach an OIDC issuer
 * @returns undefined for a user whose token or certificate the kubeconfig itself holds
 */
export function credentialsOf(
  user: Fields,
  cluster: Fields,
  optionsFor: (issuer: string, config: Fields) => Promise<RequestOptions>,
): Credentials | undefined {
  const plugin = user['exec'];
  if (isRecord(plugin)) return held(true, () => runExecPlugin(plugin, cluster));
  const provider = fields(user['auth-provider']);
  if (provider['name'] === 'oidc') {
    let config = fields(provider['config']);
    return held(false, async () => {
      const fresh = await oidcCredential(config, (issuer) => optionsFor(issuer, config));
      config = { ...config, 'id-token': fresh.token, 'refresh-token': fresh.refreshToken };
      return fresh;
    });
  }
  const file = user['tokenFile'];
  if (typeof file !== 'string' || file === '') return undefined;
  return held(true, async () => {
    try {
      const token = (await readRegularFile(file)).toString('utf8').trim();
      return { token, until: Date.now() + fileLasts };
    } catch (error) {
      const message = l10n.t`The token file can't be read: ${(error as Error).message}.`;
      throw new ClusterError('credentials', message, { cause: error });
    }
  });
}

function held(renewable: boolean, fetch: () => Promise<Credential>): Credentials {
  let running: Promise<Credential> | undefined;
  let until = Infinity;
  const start = () => {
    until = Infinity;
    const mine = fetch();
    mine.then(
      (credential) => {
        if (running === mine) until = credential.until;
      },
      () => {
        if (running === mine) running = undefined;
      },
    );
    return mine;
  };
  return {
    renewable,
    get() {
      if (!running || until <= Date.now()) running = start();
      return running;
    },
    forget() {
      running = undefined;
    },
  };
}
