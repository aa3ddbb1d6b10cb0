import { looksRandom } from './names';
import { blockBelow, isQuote, lineEnd, nonEmpty, withoutParts, type Part } from './parts';
import { ValueReader } from './valueReader';

/** Words of configurations that a secret follows, with no sign between; nowhere else are they written. */
const sureWords =
  /\b(?:bindpw|rootpw|requirepass|masterauth|auth_pass|auth-pass \S{1,64}|insecure-password|key-string|rocommunity6?|rwcommunity6?|stats auth|neighbor \S{1,64} password|message-digest-key \d{1,3} md5|snmp-server community|(?:secret|password) [05789]|tacacs-server key|radius-server (?:host \S{1,64} )?key|isakmp key|encrypted-password|com2sec \S{1,64} \S{1,64}|(?:machine \S{1,255}|default)\s{1,8}login \S{1,64}\s{1,8}password|createuser \S{1,64} (?:SHA|MD5)[\d-]{0,4}|authpass|privpass)[ \t]+(?:is[ \t]+)?/gi;

/** First in a line, what follows is its end: `password "x";`, `secret x`. */
const lineWords =
  /\b(?:secret|password|passphrase|psk|community|pre-shared-key|auth-key|key|auth)[ \t]+/gi;

/** The same of names that are none of a sentence: Fluent Bit's `HTTP_Passwd x`. */
const lineNames = /^[ \t]{0,64}[A-Za-z]\w{0,40}_(?:passwd|password|pass|secret|token)[ \t]{1,8}/gim;

/** Of SQL, and of what `ip`, `wg` and ipsec.secrets tell: the secret is what follows, in quotes or hexadecimal. */
const announced: readonly RegExp[] = [
  /\bidentified[ \t]+(?:with[ \t]+\S{1,64}[ \t]+)?(?:by|as)[ \t]+(?:password[ \t]+)?(?=["'])/gi,
  /\bpassword[ \t]+(?:for[ \t]+\S{1,64}[ \t]*=[ \t]*)?(?=')/gi,
  /:[ \t]{1,8}(?:PSK|XAUTH|EAP|NTLM)[ \t]{1,8}(?=["'])/g,
  // ip xfrm: auth-trunc hmac(sha256) 0x... 128
  /\b(?:enc|auth|auth-trunc|aead|comp)[ \t]{1,8}["']?[\w(),.-]{1,64}["']?[ \t]{1,8}(?=["']?0x[0-9a-f]{8})/gi,
  // Cilium: 3+ rfc4106(gcm(aes)) 41049390e1e2... 128
  /\brfc4106\(gcm\(aes\)\)[ \t]{1,8}(?=[0-9a-f]{32})/gi,
  // ip macsec: key 00 ...
  /\bkey[ \t]{1,8}[0-9a-f]{1,32}[ \t]{1,8}(?=[0-9a-f]{32})/gi,
  /\bacl setuser \S{1,64} (?:on |off |resetpass ){0,3}>/gi,
  // createUser u SHA "..." AES "..."
  /["'] (?:AES|DES)[\d-]{0,4}[ \t]{1,8}(?=["'])/g,
  // PowerShell
  /\bConvertTo-SecureString[ \t]{1,8}(?:-String[ \t]{1,8})?(?=["'])/gi,
  /\b(?:Network|PS)Credential[ \t]{0,8}\([ \t]{0,8}["'][^"'\n]{0,128}["'],[ \t]{0,8}(?=["'])/gi,
  // expect "assword:" { send -- "..." }
  /(?:assword|assphrase|PIN|[Tt]oken): {0,4}\*?["'][\s;{]{1,16}send(?:_user)?[ \t]{1,8}(?:--[ \t]{1,8})?(?=["'])/g,
  /\b(?:private|preshared) key:[ \t]{1,8}(?=[A-Za-z0-9+/]{43}=)/gi,
  // etcdctl user add root:x
  /\buser add [\w.-]{1,64}:(?=\S)/g,
  /\bvault[ \t]{1,8}token[ \t]{1,8}(?:lookup|renew|revoke)[ \t]{1,8}(?=[A-Za-z]\S{0,8}[\d.])/g,
  /\bPIN(?: is|:|=)[ \t]{0,8}(?=["']?\d{4,12}(?!\w))/g,
  /\bAUTH default[ \t]{1,8}(?=\S)/g,
  // chap-secrets: "user" * "x" *
  /^[ \t]{0,8}["']?[\w.@\\*-]{1,64}["']?[ \t]{1,16}\*[ \t]{1,16}(?=["'][^"'\n]{1,128}["'][ \t]{1,16}\*)/gm,
  // qemu: -object secret,id=a,data=x
  /\bsecret,[\w=.-]{1,64},(?:[\w=.-]{1,64},){0,4}data=/g,
  // Ceph
  /\bkey[ \t]{0,8}[=:][ \t]{0,8}(?=AQ[A-Za-z0-9+/]{36,40}=)/g,
  // iscsiadm -n node.session.auth.password -v x
  /\bauth\.password(?:_in)?["']?[ \t]{1,8}(?:-v|--value)[ \t=]{1,8}/g,
  // npm config set //registry/:_authToken x
  /:_(?:authToken|auth|password)[ \t]{1,8}(?=\S)/g,
  // YAML's keys of more than a word: `? password` and below it `: x`
  /^[ \t]{0,64}\?[ \t]{1,8}["']?(?:password|passwd|token|secret)["']?[ \t]{0,8}\r?\n[ \t]{0,64}:[ \t]{1,8}/gim,
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
    if (
      value &&
      (isWholePhrase(text, index, value) || isWholeRest(text, value, isFirst(text, index)))
    )
      parts.push(value);
  }
  for (const { 0: found, index } of text.matchAll(lineNames)) {
    const value = reader.valueAt(index + found.length);
    if (value && isWholeRest(text, value, true)) parts.push(value);
  }
  for (const words of announced) {
    for (const { 0: found, index } of text.matchAll(words)) {
      parts.push(reader.valueAt(index + found.length));
    }
  }
  for (const { 0: found, index } of text.matchAll(savedLogin)) {
    const start = index + found.length;
    if (!/[^:\d.a-f]/i.test(found)) continue;
    parts.push(nonEmpty(start, lineEnd(text, start)));
  }
  for (const { 0: found, index } of text.matchAll(cloudLogins)) {
    const key = index + found.lastIndexOf('list');
    parts.push(blockBelow(text, key, index + found.length));
  }
  for (const { 0: found, index } of text.matchAll(passwordsByName)) {
    const end = index + found.length;
    parts.push(blockBelow(text, index + found.search(/[\w"']/), end));
  }
  return withoutParts(text, parts);
}

/** A line of pgpass, `host:5432:database:user:x`; an address of hexadecimal numbers is none. */
const savedLogin = /^[\w.*-]{1,255}:(?:\d{1,5}|\*):[\w.*-]{1,64}:[\w.*-]{1,64}:(?=\S{4,512}\r?$)/gm;

/** Of cloud-init: below it each line is `user:x`. */
const cloudLogins =
  /\bchpasswd:[ \t]{0,8}\r?\n[ \t]{1,32}(?:expire:[^\n]{0,32}\n[ \t]{1,32})?list:[ \t]{0,8}\|?[ \t]{0,8}(?=\r?\n)/g;

/** Whose they are stands below it, and no name that says so: `passwords:`, `  app: x`. */
const passwordsByName =
  /^[ \t-]{0,64}["']?[\w.-]{0,64}passwords["']?:[ \t]{0,8}(?=\r?\n[ \t]{1,64}["']?[\w.@-]{1,64}["']?:[ \t])/gim;

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

/** All of what a message quotes: `bad line "password x"`. */
function isWholePhrase(text: string, at: number, { start, end }: Part): boolean {
  const quote = text[at - 1];
  return isQuote(quote) && text[end] === quote && looksRandom(text.slice(start, end));
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
