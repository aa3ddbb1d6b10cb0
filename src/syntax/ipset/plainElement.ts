import { plainProtocols, type PlainEntry } from '../../core/ipset/entryList';

/** Types of sets whose elements may be plain, by the parts of their names. */
const plainDimensions: ReadonlySet<string> = new Set(['ip', 'net', 'ip,port', 'net,port']);

/** Whether elements of such parts may be read by `plainElement`. */
export function mayBePlain(dimensions: readonly string[], mask: unknown): boolean {
  return mask === undefined && plainDimensions.has(dimensions.join());
}

/**
 * Reads `10.96.0.1`, `10.96.0.0/16`, `10.96.0.1,tcp:80` to the end of a line, without an object for
 * each word: a set may have a million. Undefined: it is not that plain, or not written as ipset prints.
 */
export function plainElement(
  text: string,
  at: number,
  withPort: boolean,
  line: number,
): PlainEntry | undefined {
  let next = at;
  let word = 0;
  for (let octet = 0; octet < 4; octet++) {
    if (octet > 0 && text.charCodeAt(next++) !== 46) return undefined;
    const end = endOfNumber(text, next);
    const value = numberOf(text, next, end);
    if (value > 255) return undefined;
    word = word * 256 + value;
    next = end;
  }
  let length: number | undefined;
  if (text.charCodeAt(next) === 47) {
    const end = endOfNumber(text, next + 1);
    length = numberOf(text, next + 1, end);
    if (length > 32) return undefined;
    // Bits of a host below the prefix: what is written is not what the kernel holds.
    if (word % 2 ** (32 - length) !== 0) return undefined;
    next = end;
  }
  if (!withPort) {
    return next === text.length
      ? { word, length, port: undefined, protocol: undefined, line }
      : undefined;
  }
  if (text.charCodeAt(next) !== 44) return undefined;
  const colon = text.indexOf(':', next);
  const protocol = colon < 0 ? undefined : plainProtocols.get(text.slice(next + 1, colon));
  if (colon >= 0 && protocol === undefined) return undefined;
  const from = colon < 0 ? next + 1 : colon + 1;
  const end = endOfNumber(text, from);
  const port = numberOf(text, from, end);
  if (port > 65535 || end !== text.length) return undefined;
  return { word, length, port, protocol, line };
}

/** Where up to five digits end. */
function endOfNumber(text: string, start: number): number {
  let end = start;
  while (end - start < 5 && isDigit(text.charCodeAt(end))) end++;
  return end;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Of digits without a leading zero; else Infinity. */
function numberOf(text: string, start: number, end: number): number {
  if (end === start || (end - start > 1 && text.charCodeAt(start) === 48)) return Infinity;
  let value = 0;
  for (let i = start; i < end; i++) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
}
