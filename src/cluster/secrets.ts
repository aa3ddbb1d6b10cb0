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
  return withoutUserInfo(withoutValues(plain));
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
  'privatekey',
  'clientkeydata',
  'authorization',
  'cookie',
  'sessionid',
  'signature',
] as const;

/** In a URL's query these, too; elsewhere they are ordinary words: `exit code: 1`. */
const secretParameters: ReadonlySet<string> = new Set(['code', 'sig', 'key', 'auth', 'assertion']);

const schemes: ReadonlySet<string> = new Set(['bearer', 'basic', 'negotiate']);

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
  if (word.startsWith('eyJ') && word.split('.').length > 2) return { start, end };
  if (schemes.has(word.toLowerCase())) return valueAt(text, skipBlanks(text, end), end);
  if (!isSecretName(word, text[start - 1])) return undefined;
  const behindName = skip(text, end, '\\"\'`');
  const separator = skipBlanks(text, behindName);
  if (text[separator] === ':' || text[separator] === '=') {
    const at = skipBlanks(text, skip(text, separator + 1, '=>'));
    if (/cookie$/i.test(word) && !isQuote(text[at])) return { start: at, end: lineEnd(text, at) };
    return behindScheme(text, valueAt(text, at, separator));
  }
  const isOption = word.startsWith('--') && separator > behindName;
  return isOption ? valueAt(text, separator, end) : undefined;
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
  const scheme = text.slice(value.start, value.start + 10).split(' ', 1)[0]!;
  if (!schemes.has(scheme.toLowerCase())) return value;
  const start = skipBlanks(text, value.start + scheme.length);
  return start < value.end ? { start, end: value.end } : valueAt(text, start, value.end);
}

/** A value in quotes without them, else to the next blank or sign of punctuation. */
function valueAt(text: string, at: number, name: number): Part | undefined {
  if (at <= name || at >= text.length || text.startsWith(leftOut, at)) return undefined;
  const escaped = text.startsWith('\\"', at);
  if (escaped) return { start: at + 2, end: indexOrEnd(text, '\\"', at + 2) };
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
