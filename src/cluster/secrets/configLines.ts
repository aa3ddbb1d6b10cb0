import { looksRandom } from './names';
import { nonEmpty, withoutParts, type Part } from './parts';
import { ValueReader } from './valueReader';

/** Words of configurations that a secret follows, with no sign between; nowhere else are they written. */
const sureWords =
  /\b(?:bindpw|rootpw|requirepass|masterauth|auth_pass|auth-pass \S{1,64}|insecure-password|key-string|rocommunity6?|rwcommunity6?|stats auth|neighbor \S{1,64} password|message-digest-key \d{1,3} md5)[ \t]+/gi;

/** First in a line, what follows is its end: `password "x";`, `secret x`. */
const lineWords =
  /\b(?:secret|password|passphrase|psk|community|pre-shared-key|auth-key|key)[ \t]+/gi;

/** Of SQL, and of what `ip`, `wg` and ipsec.secrets tell: the secret is what follows, in quotes or hexadecimal. */
const announced: readonly RegExp[] = [
  /\bidentified[ \t]+(?:with[ \t]+\S{1,64}[ \t]+)?(?:by|as)[ \t]+(?:password[ \t]+)?(?=["'])/gi,
  /\bpassword[ \t]+(?:for[ \t]+\S{1,64}[ \t]*=[ \t]*)?(?=')/gi,
  /:[ \t]{1,8}(?:PSK|XAUTH|EAP|NTLM)[ \t]{1,8}(?=["'])/g,
  // ip xfrm: auth-trunc hmac(sha256) 0x... 128
  /\b(?:enc|auth|auth-trunc|aead|comp)[ \t]{1,8}["']?[\w(),.-]{1,64}["']?[ \t]{1,8}(?=["']?0x[0-9a-f]{8})/gi,
  // ip macsec: key 00 ...
  /\bkey[ \t]{1,8}[0-9a-f]{1,32}[ \t]{1,8}(?=[0-9a-f]{32})/gi,
  /\b(?:private|preshared) key:[ \t]{1,8}(?=[A-Za-z0-9+/]{43}=)/gi,
];

/**
 * Leaves out secrets that a keyword announces, as configurations, SQL and the kernel's tools have them:
 * `requirepass x`, `secret "x";`, `IDENTIFIED BY 'x'`, `enc cbc(aes) 0x...`.
 */
export function withoutConfigSecrets(text: string): string {
  const reader = new ValueReader(text);
  const parts: (Part | undefined)[] = [];
  for (const { 0: found, index } of text.matchAll(sureWords)) {
    const value = wholeWord(reader, index + found.length);
    parts.push(value && (/auth[ \t]+$/i.test(found) ? password(text, value) : value));
  }
  for (const { 0: found, index } of text.matchAll(lineWords)) {
    const value = reader.valueAt(index + found.length);
    if (value && isWholeRest(text, value, isFirst(text, index))) parts.push(value);
  }
  for (const words of announced) {
    for (const { 0: found, index } of text.matchAll(words)) {
      parts.push(reader.valueAt(index + found.length));
    }
  }
  return withoutParts(text, parts);
}

/** As a configuration ends it, at a blank: `rootpw {SSHA}x`. */
function wholeWord(reader: ValueReader, at: number): Part | undefined {
  const value = reader.valueAt(at);
  if (!value || value.start > at) return value;
  let { end } = value;
  while (end < reader.text.length && !/[\s;"']/.test(reader.text[end]!)) end++;
  return { start: at, end };
}

/** Of `user:password`; else all of it. */
function password(text: string, { start, end }: Part): Part | undefined {
  return nonEmpty(start + text.slice(start, end).indexOf(':') + 1, end);
}

/** Whether nothing but blanks and a brace stand before it in its line. */
function isFirst(text: string, at: number): boolean {
  const last = Math.max(0, at - 64);
  let before = at;
  while (before > last && ' \t{'.includes(text[before - 1]!)) before--;
  return before === 0 || text[before - 1] === '\n';
}

/**
 * Nothing but the line's end behind it. Without quotes it must look like no word of a sentence; within a
 * line, as a message quotes one, a semicolon tells that it is of a configuration.
 */
function isWholeRest(text: string, { start, end }: Part, opens: boolean): boolean {
  const isQuoted = text[end] !== undefined && text[end] === text[start - 1];
  const rest = /["'`]?[ \t]{0,64};?[ \t]{0,64}(?:\r?\n|\}|$)/y;
  rest.lastIndex = end;
  if (!rest.test(text)) return false;
  if (!opens) return isQuoted && text[end + 1] === ';';
  return isQuoted || looksRandom(text.slice(start, end));
}
