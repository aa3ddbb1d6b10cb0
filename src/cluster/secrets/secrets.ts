import { withoutSecretFlags } from './commandLines';
import { withoutKeys } from './keys';
import { withoutSecretObjects } from './objects';
import { withoutSecretsOfUrls } from './urls';
import { withoutSecretValues } from './values';

/**
 * Takes out of a text what must not reach a log, a message, the tree or a snapshot: tokens,
 * passwords and keys by the names they follow, what looks like a token by itself, PEM blocks, what a
 * Secret holds, passwords of command lines, and the user and password of a URL. Servers, kubeconfigs and
 * credential plugins put such things into their texts. Addresses, chains, commands and names of objects
 * stay.
 *
 * ```text
 * --token abc  ->  --token (left out)
 * "client_secret": "a b"  ->  "client_secret": "(left out)"
 * https://user:pw@host/?code=1  ->  https://(left out)@host/?code=(left out)
 * ```
 *
 * Reads each character a fixed number of times, whatever the text.
 */
export function withoutSecrets(text: string): string {
  const plain = withoutSecretObjects(withoutKeys(text));
  return withoutSecretsOfUrls(withoutSecretFlags(withoutSecretValues(plain)));
}
