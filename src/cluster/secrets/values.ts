import { looksRandom, verdictOfName } from './names';
import {
  blockBelow,
  indexOrEnd,
  isQuote,
  lineEnd,
  nonEmpty,
  skip,
  skipBlanks,
  withoutParts,
  wordsBelow,
  type Part,
} from './parts';
import { stdinFlag } from './programs';
import { tokenAt } from './tokens';
import { ValueReader } from './valueReader';

const schemes: ReadonlySet<string> = new Set(['bearer', 'basic', 'negotiate']);
/** Behind `Authorization:` alone. */
const otherSchemes: ReadonlySet<string> = new Set(['token', 'apikey', 'ntlm']);
/** What follows these is a list: `Digest username="u", response="..."`. */
const listSchemes: ReadonlySet<string> = new Set(['digest', 'aws4-hmac-sha256']);

/** Leaves out the values of names that say so, one name after the other; a secret is not read as a name. */
export function withoutSecretValues(text: string): string {
  const word = /[\w.-]+|密码|口令|密钥|令牌|凭据/g;
  const parts: Part[] = [];
  const reader = new ValueReader(text);
  const pairs = new NamedValues(reader);
  for (let match = word.exec(text); match; match = word.exec(text)) {
    const { 0: found, index } = match;
    const secret = pairs.secretAt(found, index) ?? secretAt(reader, found, index);
    if (!secret) continue;
    parts.push(secret);
    word.lastIndex = Math.max(secret.end, word.lastIndex);
  }
  return withoutParts(text, parts);
}

/**
 * Name and value as values of their own, the way Pods hold their environment, in either order:
 * `- name: DB_PASSWORD` and below it `value: x`; `{"name":"DB_PASSWORD","value":"x"}`.
 */
class NamedValues {
  private secretName: Part | undefined;
  private lastValue: Part | undefined;

  constructor(private readonly reader: ValueReader) {}

  /** The value's part, once both are known; its word may be either's. */
  secretAt(word: string, start: number): Part | undefined {
    const { text } = this.reader;
    const end = start + word.length;
    // variable "db_password" { default = "x" }
    if (text[start - 1] === '"' && text.startsWith('" {', end)) {
      this.secretName = verdictOfName(word) === 'secret' ? { start, end } : undefined;
      return undefined;
    }
    // Go prints its structures as {Name:DB_PASSWORD Value:x}.
    const key = word.toLowerCase();
    const isValue = key === 'value' || key === 'default';
    if (key !== 'name' && key !== 'key' && !isValue) return undefined;
    const at = assignedAt(text, start, start + word.length);
    const value = at === undefined ? undefined : this.reader.valueAt(at);
    if (!value) return undefined;
    if (isValue) {
      this.lastValue = value;
      return this.isNear(this.secretName, start) ? value : undefined;
    }
    const name = text.slice(value.start, Math.min(value.end, value.start + 200));
    const verdict = verdictOfName(name);
    this.secretName = verdict === 'no' || verdict === 'maybe' ? undefined : value;
    const field = this.secretName && fieldBelow(text, value.end);
    if (field) return field;
    const isSecret = this.secretName !== undefined && this.isNear(this.lastValue, start);
    return isSecret ? this.lastValue : undefined;
  }

  private isNear(part: Part | undefined, start: number): boolean {
    if (!part || start < part.end || start - part.end > 80) return false;
    return !/\}|\n[ \t]*- /.test(this.reader.text.slice(part.end, start));
  }
}

/** Of a form that is sent in parts: `name="password"`, an empty line, and then the value. */
function fieldBelow(text: string, from: number): Part | undefined {
  const blank = /"(?:\r?\n|\\r\\n){2}/y;
  blank.lastIndex = from;
  if (!blank.test(text)) return undefined;
  const start = blank.lastIndex;
  let end = start;
  while (end < text.length && !/[\r\n\\]/.test(text[end]!)) end++;
  return nonEmpty(start, end);
}

/** Where a name's value begins: behind `:`, `=`, `=>` and blanks; undefined where no sign follows. */
function assignedAt(text: string, nameStart: number, nameEnd: number): number | undefined {
  const index = /(?:["']?\[?\][ \t]{0,4}|\+)(?==)/y;
  index.lastIndex = nameEnd;
  // `user[password]=x`, `environ["PASSWORD"] = "x"`, `PASSWORD+=x`
  const name = index.test(text) ? index.lastIndex : nameEnd;
  const separator = skipBlanks(text, skip(text, name, '\\"\'`'));
  if (!/[:=：]/.test(text[separator] ?? '')) return undefined;
  const behind = skip(text, separator + 1, text[separator + 2] === ' ' ? '=>:' : '=>');
  // The end of a text, and no value: `expect "password:"`
  if (behind === nameEnd + 1 && isQuote(text[behind]) && text[nameStart - 1] === text[behind]) {
    return undefined;
  }
  const blanks = /(?:[ \t]|\\ )*/y;
  blanks.lastIndex = behind;
  blanks.test(text);
  return blanks.lastIndex;
}

function secretAt(reader: ValueReader, word: string, start: number): Part | undefined {
  const { text } = reader;
  const end = start + word.length;
  const token = tokenAt(text, word, start);
  if (token) return token;
  const at = assignedAt(text, start, end);
  if (at === undefined && schemes.has(word.toLowerCase())) {
    const behind = skip(text, end, ' \t\\');
    // `invalid bearer token x`: the word behind says more.
    const isNext = /^token\b/i.test(text.slice(behind, behind + 6));
    return isNext || behind === end ? undefined : reader.valueAt(behind);
  }
  const verdict = verdictOfName(word, text[start - 1]);
  if (verdict === 'no' || isServicePort(text, start, at)) return undefined;
  if (at === undefined) {
    const told = unassigned(reader, word, start);
    const isSecret = told && (verdict !== 'maybe' || isRandom(text, told));
    return isSecret ? told : undefined;
  }
  if (isSentence(text, word, start, at)) return undefined;
  const value = assigned(reader, word, start, at);
  if (!value || isNothing.test(text.slice(value.start, Math.min(value.end, value.start + 10)))) {
    return undefined;
  }
  if (verdict === 'secret') return value;
  const isQuoted = isQuote(text[end]) || text[end] === '\\';
  const isTight = at === end + 1 && text[at]?.trim() !== '';
  if (verdict === 'short' && (isQuoted || isTight)) return value;
  return isRandom(text, value) ? value : undefined;
}

/** Says whether there is one, and not which. */
const isNothing = /^(?:true|false|yes|no|none|null|nil|undefined|<nil>|<none>)$/i;

/** `... may require authorization: server message: ...`, as a registry says it; a header has a scheme there. */
function isSentence(text: string, word: string, start: number, at: number): boolean {
  if (word !== 'authorization' || !/[a-z] /.test(text.slice(Math.max(0, start - 2), start))) {
    return false;
  }
  return /^[a-z]{1,20} [a-z]{1,20}[:.,;]/.test(text.slice(at, at + 44));
}

function isRandom(text: string, { start, end }: Part): boolean {
  return looksRandom(text.slice(start, end));
}

/**
 * `default/token:http`: a Service may be called so, and its port, a number or a name in lower case of at
 * most 15 signs (IANA_SVC_NAME), is none of the secrets; nor is a sentence, `default/token: no endpoints`.
 */
function isServicePort(text: string, start: number, at: number | undefined): boolean {
  if (at === undefined || text[start - 1] !== '/') return false;
  // An image: registry.example.org/auth/session:v2.1
  if (/^v?\d{1,5}(?:[.-]\w{1,16}){0,4}["'\s,]/.test(text.slice(at, at + 90))) return true;
  const before = text.slice(Math.max(0, start - 65), start);
  if (!/(?:^|[\s"'`(,])[a-z0-9-]{1,63}\/$/.test(before)) return false;
  const behind = text.slice(at, at + 40);
  if (text[at - 1] !== ':') return /^[a-z]{1,20} [a-z]/i.test(behind);
  return /^[a-z0-9-]{1,15}\.?(?:[\s"'`,;:)\]]|$)/.test(behind);
}

function assigned(
  reader: ValueReader,
  word: string,
  start: number,
  from: number,
): Part | undefined {
  const { text } = reader;
  // YAML's tags and anchors: `password: !!str x`, `password: &a x`
  const sign = /(?:!{1,2}[\w/]{0,40}|&\w{1,40})[ \t]{1,8}(?![|>])/y;
  sign.lastIndex = from;
  const at = sign.test(text) ? sign.lastIndex : from;
  // What was left out of a block or a map before.
  if (/^[|>{][-+\d]{0,3}\(left out\)/.test(text.slice(at, at + 16))) return undefined;
  const below = /secrets$/i.test(word) ? undefined : wordsBelow(text, at);
  if (below) return below;
  if (text[at] === '[') return nonEmpty(at + 1, indexOrEnd(text, ']', at));
  const map = /\{[ \t]{0,8}["']?[\w.-]{1,64}["']?:[ \t]/y;
  map.lastIndex = at;
  // `secret: {secretName: web-tls}`; what is below `passwords` may have any name.
  if (map.test(text)) {
    return /(?:passwords|tokens|keys)$/i.test(word)
      ? nonEmpty(at + 1, indexOrEnd(text, '}', at))
      : undefined;
  }
  const block = /(?:![\w-]{1,40}[ \t]{1,8})?[|>][-+\d]{0,3}[ \t]{0,8}(?=\r?\n)/y;
  block.lastIndex = at;
  if (block.test(text)) return blockBelow(text, start, block.lastIndex);
  // Some("x"), SecretString("x")
  const call = /[A-Za-z_]\w{0,40}\((?=["'`])/y;
  call.lastIndex = at;
  if (call.test(text)) return reader.valueAt(call.lastIndex);
  if (/cookie$/i.test(word) && !isQuote(text[at])) return nonEmpty(at, lineEnd(text, at));
  return behindScheme(reader, word, reader.valueAt(at));
}

/** Without `:` or `=`: a flag's next word, a tag's text, a value in a URL, or a sentence about one. */
function unassigned(reader: ValueReader, word: string, start: number): Part | undefined {
  const { text } = reader;
  const end = start + word.length;
  // `<password>x</password>`, `<wsse:Password Type="x">y</wsse:Password>`
  const tag = /(?:[ \t][^<>\n]{1,200})?>/y;
  tag.lastIndex = end;
  const isTag =
    text[end] === '>' || /<(?:\w{1,20}:)?$/.test(text.slice(Math.max(0, start - 22), start));
  if (isTag && tag.test(text)) return nonEmpty(tag.lastIndex, indexOrEnd(text, '<', end));
  const encoded = encodedValue(text, end);
  if (encoded) return encoded;
  if (stdinFlag.test(word)) return undefined;
  const set = setValue(reader, start, end);
  if (set) return set;
  if (!/^(?:--[a-z]|-[a-z]{3})/i.test(word)) return toldValue(reader, word, end);
  // `--token x`, `["--token","x"]`, and each in a line of its own in YAML.
  const between = /["'\\]{0,4}(?:[ \t]+|,\s*|\n[ \t]*- )/y;
  between.lastIndex = end;
  if (!between.test(text) || text.startsWith('-', skip(text, between.lastIndex, '\\"\''))) {
    return undefined;
  }
  const value = reader.valueAt(between.lastIndex);
  const isList = text[between.lastIndex - 1] !== ' ' || text[end] !== ' ';
  // Below each other only lists of words stand so; a sentence may have a comma.
  const isBelow = text.slice(end, between.lastIndex).includes('\n');
  const isWord = isList && !isBelow && !isQuote(text[between.lastIndex]);
  if (value && isWord && !isRandom(text, value)) return undefined;
  return value;
}

/** What gives a name a value, as its next word. */
const setters =
  /(?:^|[\s;&|.:"'`(])(?:setx|set(?:[ \t]{1,4}-[gxUu]{1,3})?|setenv|env|add|secret_access_key|SetEnv|fastcgi_param|s3|SetEnvironmentVariable\()[ \t]{0,8}["']?(?:[a-z]{1,16}\/)?$/i;

/** `setx API_TOKEN x`, `SetEnvironmentVariable("API_TOKEN", "x")`; of a sentence, `to set token expiry`, nothing. */
function setValue(reader: ValueReader, start: number, end: number): Part | undefined {
  const { text } = reader;
  if (!setters.test(text.slice(Math.max(0, start - 40), start))) return undefined;
  const between = /["']?(?:,[ \t]{0,8}|[ \t]{1,8})/y;
  between.lastIndex = end;
  if (!between.test(text)) return undefined;
  const value = reader.valueAt(between.lastIndex);
  const isName = /[_.A-Z]/.test(text.slice(start, end)) || isQuote(text[between.lastIndex]);
  return value && (isName || isRandom(text, value)) ? value : undefined;
}

/** Of a URL in a URL: `password%3Dx`, `%22token%22%3A%22x%22`. */
function encodedValue(text: string, from: number): Part | undefined {
  const separator = /(?:%5B)?(?:%5D)?(?:%2[27])?(?:%3[AD]|=)(?:%2[27])?/iy;
  separator.lastIndex = from;
  if (!separator.test(text)) return undefined;
  const start = separator.lastIndex;
  let end = start;
  while (end < text.length && !/[%\s&"']/.test(text[end]!)) end++;
  return nonEmpty(start, end);
}

/** In a sentence, where it looks like none of its words: `token "x" is invalid`, `Password for user: x`. */
function toldValue(reader: ValueReader, word: string, from: number): Part | undefined {
  if (!/^(?:token|password|passwd|passphrase|community|psk|assertion|rootpw)$/i.test(word)) {
    return undefined;
  }
  const between = /(?: is:?| for '[^'\n]{1,80}':| for [^:\n]{1,60}:)?[ \t]*/y;
  between.lastIndex = from;
  const { text } = reader;
  between.test(text);
  const value = reader.valueAt(between.lastIndex);
  if (!value || value.start === from || value.end - value.start > 4096) return undefined;
  const told = text.slice(value.start, value.end);
  return told.length >= 12 && /\d/.test(told) && /[a-z]/i.test(told) && !/\s/.test(told)
    ? value
    : undefined;
}

/** `Authorization: SSWS abc`: of a scheme that is not known what follows is left out with it. */
function withCredentials(reader: ValueReader, word: string, value: Part): Part {
  const { text } = reader;
  const isScheme = /authorization$/i.test(word) && !isRandom(text, value);
  const behind = skipBlanks(text, value.end);
  if (!isScheme || behind === value.end) return value;
  const next = reader.valueAt(behind);
  return next ? { start: value.start, end: next.end } : value;
}

/** `Bearer abc`, `Token token="abc"`: only what stands behind the scheme is left out. */
function behindScheme(
  reader: ValueReader,
  word: string,
  value: Part | undefined,
): Part | undefined {
  if (!value) return undefined;
  const { text } = reader;
  const scheme = /^[\w-]*/.exec(text.slice(value.start, value.start + 20))![0];
  const name = scheme.toLowerCase();
  if (!schemes.has(name) && !otherSchemes.has(name) && !listSchemes.has(name)) {
    return withCredentials(reader, word, value);
  }
  const start = skip(text, value.start + scheme.length, ' \t\\:');
  if (listSchemes.has(name)) return nonEmpty(start, lineEnd(text, start));
  if (start < value.end) return nonEmpty(start, value.end);
  const named = /\w+=/y;
  named.lastIndex = start;
  return reader.valueAt(named.test(text) ? named.lastIndex : start);
}
