/**
 * A word, a text in quotes, one of the signs `{ } ( ) , ; : = == != < <= > >= & | ^ << >> ! #`, or
 * `elements`: all that stands between two braces.
 */
export interface Token {
  readonly kind: 'word' | 'string' | 'sign' | 'elements';
  /** A string's without its quotes; of elements none. */
  readonly text: string;
  /** UTF-16 offsets into the statement's text, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a statement's text into tokens, in one pass. A `:` is a sign where a blank or the end is behind it
 * (nft itself prints blanks on both sides) and where a name follows (`redirect to :tcp dport map ...`,
 * `dnat to 10.0.0.1:tcp dport map ...`), else part of the word (`10.0.0.1:80`, `fd00::1`, `:80`).
 *
 * @param longest characters between two braces that are read; more of them are one token
 */
export function tokensOf(text: string, longest = Infinity): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code <= 32 || code === 160 || code === 0xfeff) {
      at++;
      continue;
    }
    const end =
      code === 34
        ? closingQuote(text, at)
        : isSign(text, at)
          ? signEnd(text, at)
          : wordEnd(text, at);
    const kind = code === 34 ? 'string' : isSign(text, at) ? 'sign' : 'word';
    tokens.push({
      kind,
      text: kind === 'string' ? unquoted(text, at, end) : text.slice(at, end),
      start: at,
      end,
    });
    at = end;
    const close = code === opening && text.length - at > longest ? closingBrace(text, at) : 0;
    if (close - at <= longest) continue;
    tokens.push({ kind: 'elements', text: '', start: at, end: close });
    at = close;
  }
  return tokens;
}

const [opening, closing] = [123, 125];

/** Where the braces end that are open at `from`; 0 where they hold others, or don't end. */
function closingBrace(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === closing) return at;
    if (code === opening) return 0;
    if (code === 34) at = closingQuote(text, at) - 1;
  }
  return 0;
}

/** One after the quote that ends the string; the end of the text for one that does not end. */
function closingQuote(text: string, at: number): number {
  const close = text.indexOf('"', at + 1);
  return close < 0 ? text.length : close + 1;
}

function unquoted(text: string, start: number, end: number): string {
  const closed = end - start > 1 && text.charCodeAt(end - 1) === 34;
  return text.slice(start + 1, closed ? end - 1 : end);
}

const signs = new Set([...'{}(),;=<>&|^!#'].map((sign) => sign.charCodeAt(0)));
const colon = 58;

function isSign(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return signs.has(code) || (code === colon && (endsWord(text, at + 1) || isLetter(text, at + 1)));
}

function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 97 && code <= 122;
}

function endsWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return !(code > 32) || code === 34 || code === 160 || signs.has(code);
}

function signEnd(text: string, at: number): number {
  const two = text.slice(at, at + 2);
  return ['==', '!=', '<=', '>=', '<<', '>>'].includes(two) ? at + 2 : at + 1;
}

/** An address, or two, behind which the name of a header stands. */
const beforeHeader = /(?:\d+(?:\.\d+){3}(?:-\d+(?:\.\d+){3})?|\[[^\s\]]*\])(?=:[a-z])/y;

/** `[fd00::1]:80` and `a:b` are one word; in `80: drop` the colon is none of the word's. */
function wordEnd(text: string, start: number): number {
  beforeHeader.lastIndex = start;
  if (beforeHeader.test(text)) return beforeHeader.lastIndex;
  let end = start + 1;
  while (!endsWord(text, end)) end++;
  // `fd00::` ends in two colons that belong to it.
  if (text.charCodeAt(end - 1) === colon && text.charCodeAt(end - 2) !== colon && end - 1 > start)
    end--;
  return end;
}
