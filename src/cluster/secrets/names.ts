/** Parts of names, in lower case and without their separators, whose values are secret. */
const secretParts = [
  'token',
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'passwort',
  'kennwort',
  'secret',
  'credential',
  'apikey',
  'accesskey',
  'accountkey',
  'encryptionkey',
  'signingkey',
  'masterkey',
  'privatekey',
  'presharedkey',
  'dockerconfig',
  'pwd',
  'clientkeydata',
  'authorization',
  'cookie',
  'sessionid',
  'signature',
  'storepass',
  'keypass',
  'bindpw',
  'rootpw',
  'requirepass',
  'masterauth',
  'authkey',
  'sshpass',
  'wepkey',
  'clientassertion',
  'codeverifier',
  'dbpass',
  'rootpass',
  'userpass',
  'adminpass',
  'bindpass',
  'etcdctluser',
  'sonarlogin',
] as const;

/** What a name ends in that says where a secret is, or how long it lasts, and not the secret itself. */
const aboutSecrets: ReadonlySet<string> = new Set([
  ...['mode', 'config', 'kubeconfig', 'webhook', 'plugin', 'provider', 'review', 'enabled'],
  ...['file', 'path', 'dir', 'name', 'names', 'ref', 'type', 'kind', 'namespace'],
  ...['ttl', 'expiry', 'expiration', 'expires', 'seconds', 'timestamp'],
  ...[
    'stdin',
    'fd',
    'url',
    'uri',
    'endpoint',
    'issuer',
    'audience',
    'audiences',
    'count',
    'version',
    'policy',
  ],
]);

/** In a URL's query these, too; elsewhere they are ordinary words: `exit code: 1`. */
const secretParameters: ReadonlySet<string> = new Set([
  ...['code', 'sig', 'key', 'auth', 'assertion', 'ticket', 'jwt', 'hmac', 'st'],
]);

/** The last word of names that are ordinary words where a blank or nothing follows: `DB_PASS=x`, `"auth":"x"`. */
const shortNames: ReadonlySet<string> = new Set([
  ...['auth', 'pass', 'otp', 'totp', 'session', 'sid', 'pw', 'pat', 'cred', 'creds', 'psk'],
  ...['bearer', 'jwt', 'community'],
]);

/** Of these the last word of a name of several: `default_pass`, `dbPw`. */
const sureLast: ReadonlySet<string> = new Set(['pass', 'pw', 'psk']);

/** Names in Chinese, none of them a part of an ordinary word that is followed by a colon. */
const chineseNames: ReadonlySet<string> = new Set(['密码', '口令', '密钥', '令牌', '凭据']);

/** OpenSSL's, before the sentence that tells it: `UNABLE_TO_VERIFY_LEAF_SIGNATURE: request to ... failed`. */
const certificateProblem = /^[A-Z_]*(?:LEAF|CERT|CRL)_SIGNATURE(?:_FAILURE)?$/;

/** How sure a name is that what it names is secret: of `maybe` the value must look like it. */
export type NameVerdict = 'secret' | 'short' | 'maybe' | 'no';

/**
 * @param name a word: `AWS_SECRET_ACCESS_KEY`, `--token`, `clientSecret`
 * @param before the character before it: a URL's `?` and `&` make more names secret
 */
export function verdictOfName(name: string, before?: string): NameVerdict {
  if (chineseNames.has(name)) return 'secret';
  if (certificateProblem.test(name)) return 'no';
  const whole = name.toLowerCase().replace(/[-_.]/g, '');
  if ((before === '?' || before === '&') && secretParameters.has(whole)) return 'secret';
  const words = name.split(/[-_.]|(?<=[a-z0-9])(?=[A-Z])/).filter((word) => word !== '');
  const last = (words.at(-1) ?? '').toLowerCase();
  if (words.length > 1 && aboutSecrets.has(last)) return 'no';
  if (secretParts.some((part) => whole.includes(part))) return 'secret';
  if (words.length > 1 && sureLast.has(last)) return 'secret';
  if (shortNames.has(last)) return 'short';
  return words.length > 1 && last === 'key' ? 'maybe' : 'no';
}

/** So many characters of a value tell how it looks. */
const lookedAt = 256;

/** Whether a value looks like none that a person would choose as a word: `SeKr3tabc`, not `kube-system`. */
export function looksRandom(value: string): boolean {
  const head = value.slice(0, lookedAt);
  if (head.length < 8 || /\s/.test(head) || !/\d/.test(head)) return false;
  if (/[a-z]/.test(head) && /[A-Z]/.test(head)) return true;
  return /[a-z]/i.test(head) && !/[/.:]/.test(head);
}
