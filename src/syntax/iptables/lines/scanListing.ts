import { kindCode } from './lineKind';
import type { ScannedLine } from './scannedLine';

/**
 * Recognises the lines of `iptables -L`. Fills `into` and says true, or leaves it and says false.
 * `at` is the first character that is not blank.
 */
export function scanListingLine(line: string, at: number, into: ScannedLine): boolean {
  return scanChainHeader(line, at, into) || scanColumns(line, at, into) || scanRow(line, at, into);
}

const chainHeader = /^Chain (\S+) \((policy|\d+ references)/;

function scanChainHeader(line: string, at: number, into: ScannedLine): boolean {
  if (!line.startsWith('Chain ', at)) return false;
  const [, name, what] = chainHeader.exec(line.slice(at)) ?? [];
  if (name === undefined) return false;
  into.kind = kindCode[what === 'policy' ? 'listing-policy' : 'listing-chain'];
  into.chainStart = at + 6;
  into.chainEnd = into.chainStart + name.length;
  return true;
}

function scanColumns(line: string, at: number, into: ScannedLine): boolean {
  if (!/^(num\s+)?(pkts\s+bytes\s+)?target\s+prot\s/.test(line.slice(at, at + 60))) return false;
  into.kind = kindCode['listing-columns'];
  return true;
}

/** The words of a row before its source address; the later ones are not needed here. */
interface RowWords {
  readonly starts: number[];
  readonly ends: number[];
}

const words: RowWords = { starts: [], ends: [] };

/**
 * `[num] [pkts bytes] [target] prot opt [in out] source destination`. The word before `opt` is the
 * protocol, and one that is no count before that is the target. ip6tables before 1.8.9 leaves
 * `opt` blank: then the first IPv6 address is the source.
 */
function scanRow(line: string, at: number, into: ScannedLine): boolean {
  splitWords(line, at, 12);
  const protocol = protocolWord(line);
  if (protocol < 0) return false;
  into.kind = kindCode['listing-rule'];
  into.goto = line.includes('[goto]');
  const target = protocol - 1;
  if (target < 0 || (isCount(line, target) && target !== 3)) return true;
  into.targetStart = words.starts[target]!;
  into.targetEnd = words.ends[target]!;
  return true;
}

function splitWords(line: string, at: number, most: number): void {
  const { starts, ends } = words;
  starts.length = ends.length = 0;
  while (at < line.length && starts.length < most) {
    let end = line.indexOf(' ', at);
    if (end < 0) end = line.length;
    starts.push(at);
    ends.push(end);
    at = end;
    while (line.charCodeAt(at) === 32) at++;
  }
}

function protocolWord(line: string): number {
  const count = words.starts.length;
  for (let i = 1; i < 6 && i + 2 < count; i++) {
    if (isOption(line, i)) return i - 1;
  }
  for (let i = 1; i + 1 < count && i < 8; i++) {
    if (!isIpv6Source(line, i)) continue;
    if (!isIpv6Source(line, i + 1)) return -1;
    // Two counts and a protocol at least stand before the two devices that -v shows.
    return i >= 5 ? i - 3 : i - 1;
  }
  return -1;
}

/** `--`, `-f`, `!f`: the column `opt`. */
function isOption(line: string, word: number): boolean {
  const start = words.starts[word]!;
  if (words.ends[word]! - start !== 2) return false;
  const text = line.slice(start, start + 2);
  return text === '--' || text === '-f' || text === '!f';
}

/** `!`, eight groups and a prefix. */
const longestAddress = 45;

function isIpv6Source(line: string, word: number): boolean {
  const start = words.starts[word]!;
  if (words.ends[word]! - start > longestAddress) return false;
  const text = line.slice(start, words.ends[word]);
  return text === 'anywhere' || (text.includes(':') && /^!?[0-9a-fA-F:.]+(\/\d+)?$/.test(text));
}

/** `12`, `46K` */
function isCount(line: string, word: number): boolean {
  return /^\d+[KMGTP]?$/.test(line.slice(words.starts[word], words.ends[word]));
}
