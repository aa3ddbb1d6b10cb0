/**
 * Takes out of a text what must not reach a log, a message, the tree or a snapshot: tokens,
 * passwords and keys by the names they follow, JSON Web Tokens, PEM blocks, and the user and
 * password of a URL. Servers, kubeconfigs and credential plugins put such things into their texts.
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
  const plain = text.replace(
    /-----BEGIN [^-]+-----[\s\S]*?(-----END [^-]+-----|$)/g,
    'PEM (left out)',
  );
  return withoutLogin(withoutUserInfo(withoutValues(plain)));
}

const leftOut = '(left out)';

/** Parts of names, in lower case and without their separators, whose values are secret. */
const secretParts = [
  'token',
  'password',
  'passwd',
  'passphrase',
  'secret',
  'credential',
  'apikey',
  'accesskey',
  'accountkey',
  'encryptionkey',
  'signingkey',
  'masterkey',
  'privatekey',
  'dockerconfig',
  'pwd',
  'clientkeydata',
  'authorization',
  'cookie',
  'sessionid',
  'signature',
] as const;

/** In a URL's query these, too; elsewhere they are ordinary words: `exit code: 1`. */
const secretParameters: ReadonlySet<string> = new Set(['code', 'sig', 'key', 'auth', 'assertion']);

/** Names that are ordinary words where a blank or nothing follows: `auth=x`, `"auth":"x"`, `pass:x`. */
const shortNames: ReadonlySet<string> = new Set(['auth', 'pass', 'otp', 'session', 'connectsid']);

const schemes: ReadonlySet<string> = new Set(['bearer', 'basic', 'negotiate']);
/** Behind `Authorization:` alone. */
const otherSchemes: ReadonlySet<string> = new Set(['token', 'apikey', 'ntlm']);
/** What follows these is a list: `Digest username="u", response="..."`. */
const listSchemes: ReadonlySet<string> = new Set(['digest', 'aws4-hmac-sha256']);

/** Tokens that tell by themselves what they are: of AWS, GitHub, GitLab, Slack, Stripe, Google, npm, Vault, ... */
const tokenShape =
  /^(?:A[KS]IA[A-Z0-9]{12}|gh[oprsu]_|github_pat_|glpat-|xox[abeprs]-|[rs]k_(?:live|test)_|AIza|ya29\.|npm_|hv[bs]\.|dop_v1_|SG\.|k8s-aws-v1\.)/;
const shortestToken = 20;
/** A bootstrap token of kubeadm: `abcdef.0123456789abcdef`. */
const bootstrapToken = /^[a-z0-9]{6}\.[a-z0-9]{16}$/;

/** Names and values, one after the other; a value that is secret is not read as a name. */
function withoutValues(text: string): string {
  const word = /[\w.-]+/g;
  let kept = '';
  let done = 0;
  for (let match = word.exec(text); match; match = word.exec(text)) {
    const secret = secretAt(text, match[0], match.index);
    if (!secret) continue;
    kept += text.slice(done, secret.start) + leftOut;
    word.lastIndex = done = Math.max(secret.end, word.lastIndex);
  }
  return kept + text.slice(done);
}

interface Part {
  readonly start: number;
  readonly end: number;
}

function secretAt(text: string, word: string, start: number): Part | undefined {
  const end = start + word.length;
  if (isToken(word)) return { start, end };
  if (schemes.has(word.toLowerCase())) {
    const at = skipBlanks(text, end);
    // `invalid bearer token x`: the word behind says more.
    return /^token\b/i.test(text.slice(at, at + 6)) ? undefined : valueAt(text, at, end);
  }
  const behindName = skip(text, end, '\\"\'`');
  const separator = skipBlanks(text, behindName);
  const isAssigned = text[separator] === ':' || text[separator] === '=';
  if (!isSecretName(word, text[start - 1])) {
    const isQuoted = behindName > end && isAssigned;
    const isTight = isAssigned && separator === end && text[end + 1]?.trim() !== '';
    if (!isShortName(word) || !(isQuoted || isTight)) return undefined;
  }
  if (isAssigned) {
    const at = skipBlanks(text, skip(text, separator + 1, '=>'));
    if (text[at] === '[') return { start: at + 1, end: indexOrEnd(text, ']', at) };
    if (/cookie$/i.test(word) && !isQuote(text[at])) return { start: at, end: lineEnd(text, at) };
    return behindScheme(text, valueAt(text, at, separator));
  }
  // `<password>x</password>`
  if (text[end] === '>') return nonEmpty(end + 1, indexOrEnd(text, '<', end));
  return (
    encodedValue(text, end) ??
    (word.startsWith('--') && separator > behindName
      ? valueAt(text, separator, end)
      : toldValue(text, word, end))
  );
}

function isToken(word: string): boolean {
  if (word.startsWith('eyJ') && word.split('.').length > 2) return true;
  return (word.length >= shortestToken && tokenShape.test(word)) || bootstrapToken.test(word);
}

function isShortName(word: string): boolean {
  return shortNames.has(word.toLowerCase().replace(/[-_.]/g, ''));
}

function nonEmpty(start: number, end: number): Part | undefined {
  return end > start ? { start, end } : undefined;
}

/** Of a URL in a URL: `password%3Dx`, `%22token%22%3A%22x%22`. */
function encodedValue(text: string, from: number): Part | undefined {
  const separator = /(?:%2[27])?%3[AD](?:%2[27])?/iy;
  separator.lastIndex = from;
  if (!separator.test(text)) return undefined;
  const start = separator.lastIndex;
  let end = start;
  while (end < text.length && !/[%\s&"']/.test(text[end]!)) end++;
  return nonEmpty(start, end);
}

/** In a sentence, where it looks like none of its words: `token "x" is invalid`, `password is x`. */
function toldValue(text: string, word: string, from: number): Part | undefined {
  if (!/^(?:token|password|passwd)$/i.test(word)) return undefined;
  let at = skipBlanks(text, from);
  if (text.startsWith('is ', at)) at = skipBlanks(text, at + 3);
  const value = valueAt(text, at, from);
  if (!value || value.end - value.start < 12 || value.end - value.start > 4096) return undefined;
  const told = text.slice(value.start, value.end);
  return /\d/.test(told) && /[a-z]/i.test(told) && !/\s/.test(told) ? value : undefined;
}

function isSecretName(word: string, before: string | undefined): boolean {
  const name = word.toLowerCase().replace(/[-_.]/g, '');
  if (before === '?' || before === '&') {
    if (secretParameters.has(name)) return true;
  }
  return secretParts.some((part) => name.includes(part));
}

/** `Bearer abc`: only what stands behind the scheme is left out. */
function behindScheme(text: string, value: Part | undefined): Part | undefined {
  if (!value) return undefined;
  const scheme = text.slice(value.start, value.start + 20).split(' ', 1)[0]!;
  const name = scheme.toLowerCase();
  if (!schemes.has(name) && !otherSchemes.has(name) && !listSchemes.has(name)) return value;
  const start = skipBlanks(text, value.start + scheme.length);
  if (listSchemes.has(name)) return { start, end: lineEnd(text, start) };
  return start < value.end ? { start, end: value.end } : valueAt(text, start, value.end);
}

/** A value in quotes without them, else to the next blank or sign of punctuation. */
function valueAt(text: string, at: number, name: number): Part | undefined {
  if (at <= name || at >= text.length || text.startsWith(leftOut, at)) return undefined;
  // JSON in JSON, and that in JSON: `\"x\"`, `\\\"x\\\"`.
  const behindEscapes = skip(text, at, '\\');
  if (behindEscapes > at && behindEscapes - at < 16 && text[behindEscapes] === '"') {
    const start = behindEscapes + 1;
    return { start, end: indexOrEnd(text, text.slice(at, start), start) };
  }
  const quote = text[at]!;
  if (isQuote(quote)) return { start: at + 1, end: closingQuote(text, quote, at + 1) };
  let end = at;
  while (end < text.length && !/[\s,;&"'`)}\]]/.test(text[end]!)) end++;
  return end > at ? { start: at, end } : undefined;
}

function closingQuote(text: string, quote: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1;
  return Math.min(at, text.length);
}

function isQuote(character: string | undefined): boolean {
  return character === '"' || character === "'" || character === '`';
}

function skipBlanks(text: string, from: number): number {
  return skip(text, from, ' \t');
}

function skip(text: string, from: number, characters: string): number {
  let at = from;
  while (at < text.length && characters.includes(text[at]!)) at++;
  return at;
}

function indexOrEnd(text: string, part: string, from: number): number {
  const at = text.indexOf(part, from);
  return at < 0 ? text.length : at;
}

function lineEnd(text: string, from: number): number {
  return indexOrEnd(text, '\n', from);
}

/** `user:password@proxy:3128`; not `image:tag@sha256:...`. */
function withoutLogin(text: string): string {
  let kept = '';
  let done = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (/^sha\d+:/.test(text.slice(at + 1, at + 8)) || !/[\w[]/.test(text[at + 1] ?? '')) continue;
    let start = at;
    while (start > done && !/[\s/?#"'`<>=@,;()[\]{}]/.test(text[start - 1]!)) start--;
    const colon = text.slice(start, at).indexOf(':');
    if (colon <= 0 || start + colon >= at - 1 || text[start + colon + 1] === ':') continue;
    kept += text.slice(done, start) + leftOut;
    done = at;
  }
  return kept + text.slice(done);
}

/** `scheme://user:password@host`. */
function withoutUserInfo(text: string): string {
  let kept = '';
  let done = 0;
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const start = at + 3;
    let end = start;
    let sign = -1;
    while (end < text.length && !/[\s/?#"'`<>]/.test(text[end]!)) {
      if (text[end] === '@') sign = end;
      end++;
    }
    if (sign < 0) continue;
    kept += text.slice(done, start) + leftOut;
    done = sign;
  }
  return kept + text.slice(done);
}
