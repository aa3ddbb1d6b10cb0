import { looksRandom } from './names';
import { withoutParts, type Part } from './parts';

/** Leaves a URL's user and password out, and what of its path is a secret: `https://(left out)@host/x`. */
export function withoutSecretsOfUrls(text: string): string {
  const parts: Part[] = [];
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at)) {
    const start = at + 3;
    const authority = authorityOf(text, start);
    const end = endOf(text, authority.end);
    if (authority.sign > start) parts.push({ start, end: authority.sign });
    parts.push(...segments(text, authority.end, end));
    at = Math.max(end, start);
  }
  return withoutLogins(withoutThin(withoutHooks(withoutParts(text, parts))));
}

/** `jdbc:oracle:thin:user/password@host`. */
function withoutThin(text: string): string {
  const parts: Part[] = [];
  for (const { index } of text.matchAll(/\bthin:/g)) {
    const login = text.slice(index, index + longestLogin);
    const [slash, sign, blank] = [login.indexOf('/'), login.indexOf('@'), login.search(/\s/)];
    const isLogin = slash > 0 && sign > slash && (blank < 0 || blank > sign);
    if (isLogin) parts.push({ start: index + slash + 1, end: index + sign });
  }
  return withoutParts(text, parts);
}

/** So far a password is looked for that has a sign in it which ends a host. */
const longestLogin = 128;

/**
 * Where host and port end, and the sign `@` before them, or -1. A password may hold what it should not,
 * `https://user:a/b"c@host`: what follows the first colon is then no port.
 */
function authorityOf(text: string, start: number): { readonly end: number; readonly sign: number } {
  let end = start;
  let sign = -1;
  let colon = -1;
  while (end < text.length && !/[\s/?#"'`<>]/.test(text[end]!)) {
    if (text[end] === '@') sign = end;
    if (text[end] === ':' && colon < 0) colon = end;
    end++;
  }
  if (sign >= 0 || colon < 0 || text[start] === '[') return { end, sign };
  if (/^\d*$/.test(text.slice(colon + 1, end)) && !isPart(text[colon + 1])) return { end, sign };
  const last = Math.min(text.length, start + longestLogin);
  for (let at = end; at < last && !/[\r\n]/.test(text[at]!); at++) {
    if (text[at] !== '@' || !/[\w[]/.test(text[at + 1] ?? '')) continue;
    return { end: hostEnd(text, at + 1), sign: at };
  }
  return { end, sign };
}

/** A port is never in quotes. */
function isPart(character: string | undefined): boolean {
  return character !== undefined && /["'`<>]/.test(character);
}

function hostEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && /[\w.:[\]-]/.test(text[end]!)) end++;
  return end;
}

/** Of path and query. */
function endOf(text: string, from: number): number {
  let end = from;
  while (end < text.length && !/[\s"'`<>]/.test(text[end]!)) end++;
  return end;
}

const shortestSegment = 20;

/** Of a path those that nobody would choose for a name; Kubernetes' names have no capital letters. */
function segments(text: string, start: number, end: number): readonly Part[] {
  const found: Part[] = [];
  let from = start;
  while (from < end && text[from] === '/') {
    let to = from + 1;
    while (to < end && !/[/?#]/.test(text[to]!)) to++;
    const segment = text.slice(from + 1, to);
    const isMixed = /[a-z]/.test(segment) && /[A-Z]/.test(segment);
    if (segment.length >= shortestSegment && isMixed && looksRandom(segment)) {
      found.push({ start: from + 1, end: to });
    }
    from = to;
  }
  return found;
}

/** Addresses whose path alone lets anybody post, as their makers say: Slack, Discord, Teams, Telegram, ... */
const hooks =
  /\b(?:hooks\.slack\.com|hooks\.zapier\.com|webhook\.office\.com|outlook\.office\.com\/webhook|discord(?:app)?\.com\/api\/webhooks|open\.(?:feishu\.cn|larksuite\.com)\/open-apis\/bot|events\.pagerduty\.com\/integration|maker\.ifttt\.com|hc-ping\.com|healthchecks\.io\/ping|api\.telegram\.org)\//g;

function withoutHooks(text: string): string {
  const parts: Part[] = [];
  for (const { 0: found, index } of text.matchAll(hooks)) {
    const start = index + found.length;
    if (start >= (parts.at(-1)?.end ?? 0)) parts.push({ start, end: endOf(text, start) });
  }
  return withoutParts(text, parts);
}

/** `user:password@proxy:3128`; not `image:tag@sha256:...`. */
function withoutLogins(text: string): string {
  const parts: Part[] = [];
  let done = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (/^sha\d+:/.test(text.slice(at + 1, at + 8)) || !/[\w[]/.test(text[at + 1] ?? '')) continue;
    let start = at;
    while (start > done && !/[\s/?#"'`<>=@,;()[\]{}]/.test(text[start - 1]!)) start--;
    const colon = text.slice(start, at).indexOf(':');
    if (colon <= 0 || start + colon >= at - 1 || text[start + colon + 1] === ':') continue;
    parts.push({ start, end: at });
    done = at;
  }
  return withoutParts(text, parts);
}
