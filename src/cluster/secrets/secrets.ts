import { withoutSecretArguments } from './commandLines';
import { withoutConfigSecrets } from './configLines';
import { withoutHashes } from './hashes';
import { withoutKeys } from './keys';
import { withoutSecretObjects } from './objects';
import { withoutToldSecrets } from './sentences';
import { withoutSecretsOfUrls } from './urls';
import { withoutSecretValues } from './values';

/**
 * Takes out of a text what must not reach a log, a message, the tree or a snapshot: tokens,
 * passwords and keys by the names they follow, what looks like a token by itself, PEM blocks, what a
 * Secret holds, passwords of command lines and of configurations, and the user and password of a URL. Servers, kubeconfigs and
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
  const plain = withoutConfigSecrets(withoutSecretObjects(withoutHashes(withoutKeys(text))));
  return withoutSecretsOfUrls(
    withoutSecretArguments(withoutToldSecrets(withoutSecretValues(plain))),
  );
}

/** Longer than a secret that no name announces; in characters. */
const margin = 4096;

/**
 * The beginning of a long text without secrets. It is looked through before it is cut: half a token, or
 * `https://user:pass` without its `@`, tells no longer what it is.
 *
 * @param most characters of what is returned; `...` behind them where something is missing
 */
export function beginningWithoutSecrets(text: string, most: number): string {
  const isCut = text.length > most + margin;
  const shown = withoutSecrets(isCut ? text.slice(0, most + margin) : text);
  // What ends where the text was cut may be half of one.
  const whole = isCut ? shown.slice(0, Math.max(0, shown.length - margin)) : shown;
  return isCut || whole.length > most ? `${whole.slice(0, most)}...` : whole;
}
