import type { PortMatch } from '../../../core/rules/match';
import type { Interval, Negatable } from '../../../core/rules/optionValue';
import { parseTcpFlags } from '../matches/ports';
import {
  icmp6Names,
  icmpNames,
  parseIcmpType,
  type TypeAndCodes,
  type TypeNames,
} from '../matches/icmp';
import { parseInterval, parseNumber, parsePorts } from '../values';
import type { MatchReader, PrintedMatch } from './printedMatch';
import type { Words } from './words';

/** `tcp spt:80 dpts:!1:5 flags:0x17/0x02` */
function portReader(kind: PortMatch['kind']): MatchReader {
  return (words) => {
    let sport: Negatable<Interval> | undefined;
    let dport: Negatable<Interval> | undefined;
    let flags: PortMatch['flags'];
    const unmodelled: string[] = [];
    for (;;) {
      const [, key, negation, text] =
        /^(spts?|dpts?|flags|option):?(?:=)?(!?)(.*)$/.exec(words.peek()) ?? [];
      if (key === undefined || text === undefined) break;
      words.next();
      const negated = negation === '!';
      if (key === 'option') unmodelled.push(`option=${negation}${text}`);
      else if (key === 'flags') {
        const value = text === '' ? words.next() : text;
        const [mask, set] = value
          .split('/')
          .map((part) => parseNumber(part) ?? parseTcpFlags(part));
        if (mask === undefined || set === undefined) return undefined;
        flags = { value: { mask, set }, negated };
      } else {
        // iptables before 1.4.10 prints no blank before the flags: `dpt:22flags: 0x17/0x02`.
        const value = parsePorts(text.replace(/flags:$/, ''));
        if (!value) return undefined;
        if (text.endsWith('flags:')) {
          const [mask, set] = words
            .next()
            .split('/')
            .map((part) => parseNumber(part) ?? parseTcpFlags(part));
          if (mask === undefined || set === undefined) return undefined;
          flags = { value: { mask, set }, negated: false };
        }
        if (key.startsWith('s')) sport = { value, negated };
        else dport = { value, negated };
      }
    }
    if (kind === 'sctp' && /^(any|all|only)$/.test(words.peek())) {
      unmodelled.push(words.next(), words.next());
    }
    return {
      kind,
      sport,
      dport,
      ...(kind === 'tcp' && { flags }),
      ...(unmodelled.length > 0 && { unmodelled: unmodelled.join(' ') }),
    };
  };
}

/** `icmptype 3 code 4`, `icmp !type 8`, `icmp echo-request`. */
function icmpReader(kind: 'icmp' | 'icmp6', names: TypeNames): MatchReader {
  return (words, _, first) => {
    if (first.endsWith('type')) return numbered(words, kind, false);
    const text = words.next();
    if (text === '!type') return numbered(words, kind, true);
    const negated = text.startsWith('!');
    const type = parseIcmpType(negated ? text.slice(1) : text, names);
    return type && { kind, ...type, negated };
  };
}

function numbered(
  words: Words,
  kind: 'icmp' | 'icmp6',
  negated: boolean,
): PrintedMatch | undefined {
  const type = parseNumber(words.next());
  const codes = words.after('code') ?? words.after('codes') ?? '0-255';
  const interval = parseInterval(codes, '-', 255);
  if (type === undefined || !interval) return undefined;
  return { kind, type, codes: interval, negated } satisfies PrintedMatch & TypeAndCodes;
}

export const printedPorts: readonly (readonly [string, MatchReader])[] = [
  ...(['tcp', 'udp', 'udplite', 'sctp', 'dccp'] as const).map(
    (kind) => [kind, portReader(kind)] as const,
  ),
  ['icmp', icmpReader('icmp', icmpNames)],
  ['icmptype', icmpReader('icmp', icmpNames)],
  ['ipv6-icmp', icmpReader('icmp6', icmp6Names)],
  ['ipv6-icmptype', icmpReader('icmp6', icmp6Names)],
];
