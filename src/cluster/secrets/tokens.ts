import { nonEmpty, type Part } from './parts';
import { tokenBeginning } from './tokenBeginnings';

const shortestToken = 20;
/** Whole words: of kubeadm `abcdef.0123456789abcdef`; of Vault, Twilio, Mailchimp, Airtable and NuGet. */
const wholeToken =
  /^(?:[a-z0-9]{6}\.[a-z0-9]{16}|s\.[A-Za-z0-9]{24}|SK[0-9a-f]{32}|[0-9a-f]{32}-us\d\d?|pat\w{14}\.\w{32,64}|oy2[a-z0-9]{43})$/;
/** In base64 `-----BEGIN `, as kubeconfigs and Secrets hold keys and certificates. */
const pemInBase64 = 'LS0tLS1CRUdJT';
/** Of a watch or exec over WebSocket, what a browser sends in place of a header (kube-apiserver's websocket). */
const subprotocol = 'base64url.bearer.authorization.k8s.io.';

/**
 * The token that begins with this word, where it is one by its own look: also half of a JSON Web Token.
 *
 * @param start where the word stands in the text
 */
export function tokenAt(text: string, word: string, start: number): Part | undefined {
  // `Bearer%20eyJ...`
  const isEncoded = text[start - 1] === '%' && /^2[0-9A-F]/i.test(word);
  if (isEncoded) return tokenAt(text, word.slice(2), start + 2);
  if (word.startsWith('eyJ')) {
    const whole = wholeJwt(text, start, start + word.length);
    if (whole) return whole;
  }
  if (isShaped(word) || wholeToken.test(word) || isKey(word)) {
    return nonEmpty(start, tokenEnd(text, start + word.length));
  }
  const end = start + word.length;
  if (word.startsWith(subprotocol)) return nonEmpty(start + subprotocol.length, end);
  return tokenBehind(text, word, end);
}

/** So many lines a token is wrapped to at most, and characters of each. */
const mostWrapped = 40;

/** A JSON Web Token, also one that was wrapped, at a width or at its dots: on the lines below it nothing else stands. */
function wholeJwt(text: string, start: number, wordEnd: number): Part | undefined {
  const line = /[ \t]{0,64}\r?\n[ \t]{0,64}([\w.-]{1,256})(?=[ \t]{0,64}["']?(?:\r?\n|$))/y;
  let end = tokenEnd(text, wordEnd);
  let dots = text.slice(start, end).split('.').length - 1;
  for (let lines = 1; lines < mostWrapped; lines++) {
    line.lastIndex = end;
    const next = line.exec(text)?.[1];
    if (next === undefined) break;
    // Its last part has no end that tells; a word below it is none of it.
    if (dots > 1 && !isOfToken(next)) break;
    dots += next.split('.').length - 1;
    end = line.lastIndex;
  }
  return dots > 1 ? { start, end } : undefined;
}

/** As no name of an object, a chain or a file is. */
function isOfToken(line: string): boolean {
  return line.length > 12 && [/[a-z]/, /[A-Z]/, /\d/].every((some) => some.test(line));
}

/** Tokens with signs within that end other words: of OpenShift, Azure, Google, Amazon, Rancher and k3s. */
function tokenBehind(text: string, word: string, end: number): Part | undefined {
  const start = end - word.length;
  if (/^sha256$|\dQ$/.test(word) && text[end] === '~') return nonEmpty(start, tokenEnd(text, end));
  if (
    (word === '1' && text.startsWith('//0', end)) ||
    (/^Atz[ar]$/.test(word) && text[end] === '|')
  ) {
    const behind = tokenEnd(text, end + 1);
    return behind - start > shortestToken ? nonEmpty(start, behind) : undefined;
  }
  const isRancher = /^(?:kubeconfig-u|token)-/.test(word) && text[end] === ':';
  const isK3s = /^K10[0-9a-f]{16,}$/.test(word) && text.startsWith('::', end);
  if (!isRancher && !isK3s) return undefined;
  const behind = tokenEnd(text, end, ':');
  return behind - end > shortestToken || isK3s ? nonEmpty(start, behind) : undefined;
}

/** So much of a word tells whether somebody chose it for a name. */
const lookedAt = 256;

/** Begins like one, and is no name of an object: `sk-learn-model-serving-7d9f8b6c5d-x7k2p`. */
function isShaped(word: string): boolean {
  if (word.length < shortestToken || !tokenBeginning.test(word)) return false;
  const head = word.slice(0, lookedAt);
  if (/[A-Z_]/.test(head)) return true;
  return head.split(/[.-]/).some((part) => part.length >= 16 && /\d/.test(part));
}

/** A private key in base64; a certificate is public. */
function isKey(word: string): boolean {
  if (!word.startsWith(pemInBase64)) return false;
  const head = word.slice(0, 64);
  try {
    return atob(head.slice(0, head.length - (head.length % 4))).includes('PRIVATE');
  } catch {
    return false;
  }
}

function tokenEnd(text: string, from: number, more = ''): number {
  let end = from;
  while (end < text.length && (/[\w.~+/=-]/.test(text[end]!) || more.includes(text[end]!))) end++;
  return end;
}
