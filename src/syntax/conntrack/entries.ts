import { parseAddress } from '../../core/address';
import type { ConntrackEntry, ConntrackTuple } from '../../core/connections';
import type { Finding } from '../../core/finding';
import type { SourceRange } from '../../core/source';
import { lineRange, parseLines, unknownLine, wordsOf } from '../lines';
import type { LineReader, Parsed } from '../lines';

/**
 * Reads `conntrack -L`, `-o extended`, `-E` and /proc/net/nf_conntrack:
 * `tcp      6 106 SYN_SENT src=10.0.0.1 dst=10.96.0.10 sport=1 dport=2 [UNREPLIED] src=... mark=0 use=1`.
 */
export function parseConntrack(text: string, source: string): Parsed<readonly ConntrackEntry[]> {
  return parseLines(text, conntrackParser(source));
}

export function conntrackParser(source: string): LineReader<readonly ConntrackEntry[]> {
  const value: ConntrackEntry[] = [];
  const findings: Finding[] = [];
  return {
    line(text, line) {
      // `conntrack v1.4.7 (conntrack-tools): 12 flow entries have been shown.`
      if (/^\s*($|#|conntrack v)/.test(text)) return;
      const range = lineRange(source, line, text);
      const entry = conntrackEntry(text, range);
      if (entry) value.push(entry);
      else findings.push(unknownLine(range, 'conntrack -L'));
    },
    end: () => ({ value, findings }),
  };
}

/** One line, or undefined where it is none. */
export function conntrackEntry(text: string, range: SourceRange): ConntrackEntry | undefined {
  const words = wordsOf(text).map((word) => word.text);
  const event = words.find((word) => /^\[(NEW|UPDATE|DESTROY)\]$/.test(word))?.slice(1, -1);
  const first = words.findIndex((word) => word.startsWith('src='));
  const head = words.slice(0, first).filter((word) => !word.startsWith('['));
  // /proc/net/nf_conntrack: `ipv4     2 tcp      6 ...`
  const [, number, ...rest] = /^ipv[46]$/.test(head[0] ?? '') ? head.slice(2) : head;
  const protocol = Number(number);
  const tuples = [tupleOf(words, 0), tupleOf(words, 1)];
  const [original, reply] = tuples;
  if (!Number.isInteger(protocol) || !original || !reply) return undefined;
  const expires = rest.find((word) => /^\d+$/.test(word));
  const state = rest.find((word) => /^[A-Z][A-Z_0-9]+$/.test(word));
  const type = valueOf(words, 'type');
  return {
    protocol,
    ...(expires !== undefined && { expires: Number(expires) }),
    ...(state !== undefined && { state }),
    original,
    reply,
    unreplied: words.includes('[UNREPLIED]'),
    assured: words.includes('[ASSURED]'),
    mark: valueOf(words, 'mark') ?? 0,
    ...zoneOf(words),
    ...(type !== undefined && {
      icmp: { type, code: valueOf(words, 'code') ?? 0, id: valueOf(words, 'id') ?? 0 },
    }),
    ...(event !== undefined && { event }),
    range,
  };
}

/** The nth `src= dst= sport= dport=` of a line. */
function tupleOf(words: readonly string[], nth: number): ConntrackTuple | undefined {
  const nthOf = (name: string): string | undefined =>
    words.filter((word) => word.startsWith(`${name}=`))[nth]?.slice(name.length + 1);
  const source = parseAddress(nthOf('src') ?? '');
  const destination = parseAddress(nthOf('dst') ?? '');
  if (!source || !destination) return undefined;
  const [sport, dport] = [nthOf('sport'), nthOf('dport')];
  return {
    source,
    destination,
    ...(sport !== undefined && { sourcePort: Number(sport) }),
    ...(dport !== undefined && { destinationPort: Number(dport) }),
  };
}

/** `zone=5` for both directions, `zone-orig=5` or `zone-reply=5` for one. */
function zoneOf(words: readonly string[]): Pick<ConntrackEntry, 'zone' | 'zoneDirection'> {
  const zone = valueOf(words, 'zone');
  if (zone !== undefined) return { zone };
  const original = valueOf(words, 'zone-orig');
  if (original !== undefined) return { zone: original, zoneDirection: 'original' };
  const reply = valueOf(words, 'zone-reply');
  return reply === undefined ? {} : { zone: reply, zoneDirection: 'reply' };
}

function valueOf(words: readonly string[], name: string): number | undefined {
  const word = words.find((text) => text.startsWith(`${name}=`));
  const value = word === undefined ? NaN : Number(word.slice(name.length + 1));
  return Number.isNaN(value) ? undefined : value;
}
