import { parseNetwork } from '../../core/address';
import type { Family } from '../../core/address';
import type { Finding } from '../../core/finding';
import type { RoutingRule } from '../../core/node';
import { lineRange, parseLines, unknownLine, wordsOf } from '../lines';
import type { LineParser, Parsed } from '../lines';

type Rules = readonly RoutingRule[];

/**
 * Reads `ip rule`: `32765:\tfrom 10.0.0.0/8 fwmark 0x4000/0x4000 iif eth0 lookup 100`.
 *
 * @param family 6 for `ip -6 rule`, whose lines may look the same
 */
export function ipRuleParser(source: string, family: Family = 4): LineParser<Rules> {
  const rules: RoutingRule[] = [];
  const findings: Finding[] = [];
  return {
    line(text, line) {
      if (text.trim() === '') return;
      const range = lineRange(source, line, text);
      const rule = readRule(text, range, family);
      if (rule) rules.push(rule);
      else findings.push(unknownLine(range, 'ip rule'));
    },
    end: () => ({ value: rules, findings }),
  };
}

export function parseIpRule(text: string, source: string, family?: Family): Parsed<Rules> {
  return parseLines(text, ipRuleParser(source, family));
}

function readRule(
  text: string,
  range: RoutingRule['range'],
  family: Family,
): RoutingRule | undefined {
  const words = wordsOf(text).map((word) => word.text);
  const priority = /^(\d+):$/.exec(words[0] ?? '')?.[1];
  if (priority === undefined) return undefined;
  const values = new Map<string, string>();
  const others: string[] = [];
  for (let i = 1; i < words.length; i++) {
    const word = words[i]!;
    if (modelled.has(word)) values.set(word, words[++i] ?? '');
    else if (!actions.has(word)) {
      others.push(withValue.has(word) ? `${word} ${words[++i] ?? ''}` : word);
    }
  }
  const from = readNetwork(values.get('from'));
  const to = readNetwork(values.get('to'));
  const mark = readMark(values.get('fwmark'));
  const inInterface = values.get('iif');
  const table = values.get('lookup') ?? values.get('table');
  return {
    family,
    priority: Number(priority),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(inInterface === undefined ? {} : { inInterface }),
    ...(mark ? { mark } : {}),
    ...(table === undefined ? {} : { table }),
    others,
    text: text.trim(),
    range,
  };
}

function readNetwork(text: string | undefined) {
  return text === undefined || text === 'all' ? undefined : parseNetwork(text);
}

/** `0x4000/0x4000`; without a mask all bits count. */
function readMark(text: string | undefined): RoutingRule['mark'] {
  if (text === undefined) return undefined;
  const [value, mask] = text.split('/');
  return { value: Number(value) >>> 0, mask: mask === undefined ? 0xffffffff : Number(mask) >>> 0 };
}

const modelled: ReadonlySet<string> = new Set(['from', 'to', 'iif', 'fwmark', 'lookup', 'table']);

/** Actions that are no look-up: the rule then has no table, and its text names the action. */
const actions: ReadonlySet<string> = new Set(['unreachable', 'prohibit', 'blackhole']);

/** Further words of a rule that a value follows (ip-rule(8)). */
const withValue: ReadonlySet<string> = new Set([
  'oif',
  'tos',
  'dsfield',
  'uidrange',
  'ipproto',
  'sport',
  'dport',
  'tun_id',
  'goto',
  'proto',
  'suppress_prefixlength',
  'suppress_ifgroup',
  'realms',
]);
