import { parseNetwork } from '../../core/address';
import type { Family } from '../../core/address';
import type { Finding } from '../../core/finding';
import type { NumberRange, RoutingAction, RoutingRule } from '../../core/node';
import { protocolNumber } from '../../core/protocol';
import { tosNames } from './tosNames';
import { lineRange, parseLines, unknownLine, wordsOf } from '../lines';
import type { LineReader, Parsed } from '../lines';

type Rules = readonly RoutingRule[];

/**
 * Reads `ip rule`: `32765:\tfrom 10.0.0.0/8 fwmark 0x4000/0x4000 iif eth0 lookup 100`.
 *
 * @param family 6 for `ip -6 rule`, whose lines may look the same
 */
export function ipRuleParser(source: string, family: Family = 4): LineReader<Rules> {
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
  const flags = new Set<string>();
  const others: string[] = [];
  for (let i = 1; i < words.length; i++) {
    const word = words[i]!;
    if (withValue.has(word)) values.set(word, words[++i] ?? '');
    else if (withoutValue.has(word)) flags.add(word);
    else if (!ignored.has(word)) others.push(word);
    else if (ignored.get(word)) i++;
  }
  for (const [name, read] of readers) {
    const value = values.get(name);
    if (value !== undefined && read(value) === undefined) others.push(`${name} ${value}`);
  }
  const vrf = flags.has('l3mdev') || values.get('lookup') === '[l3mdev-table]';
  return {
    family,
    priority: Number(priority),
    negated: flags.has('not'),
    ...defined('from', readNetwork(values.get('from'))),
    ...defined('to', readNetwork(values.get('to'))),
    ...defined('inInterface', values.get('iif')),
    ...defined('outInterface', values.get('oif')),
    ...defined('mark', readMark(values.get('fwmark'))),
    ...defined('tos', readTos(values)),
    ...defined('uids', readRange(values.get('uidrange'))),
    ...defined('protocol', readProtocol(values.get('ipproto'))),
    ...defined('sourcePorts', readRange(values.get('sport'))),
    ...defined('destinationPorts', readRange(values.get('dport'))),
    vrf,
    ...defined('tunnelId', readNumber(values.get('tun_id'))),
    action: readAction(values, flags, vrf),
    ...defined('suppressedLength', readNumber(values.get('suppress_prefixlength'))),
    ...defined('suppressedGroup', values.get('suppress_ifgroup')),
    ...defined('realms', values.get('realms')),
    others,
    text: text.trim(),
    range,
  };
}

function defined<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

function readAction(
  values: ReadonlyMap<string, string>,
  flags: ReadonlySet<string>,
  vrf: boolean,
): RoutingAction {
  const target = readNumber(values.get('goto'));
  if (target !== undefined) return { kind: 'goto', priority: target };
  for (const kind of ['nop', 'unreachable', 'prohibit', 'blackhole'] as const) {
    if (flags.has(kind)) return { kind };
  }
  const table = values.get('lookup') ?? values.get('table');
  return { kind: 'lookup', ...(table === undefined || vrf ? {} : { table }) };
}

function readNetwork(text: string | undefined): RoutingRule['from'] {
  return text === undefined || text === 'all' ? undefined : parseNetwork(text);
}

/** `0x4000/0x4000`; without a mask all bits count. */
function readMark(text: string | undefined): RoutingRule['mark'] {
  if (text === undefined) return undefined;
  const [value, mask] = text.split('/');
  return { value: Number(value) >>> 0, mask: mask === undefined ? 0xffffffff : Number(mask) >>> 0 };
}

/** `tos 0x10` asks for the bits of IPTOS_RT_MASK, `dscp 46` and `dscp EF` for the whole DSCP. */
function readTos(values: ReadonlyMap<string, string>): RoutingRule['tos'] {
  const tos = values.get('tos') ?? values.get('dsfield');
  if (tos !== undefined) {
    const value = tosNames.get(tos) ?? Number(/^0x/.test(tos) ? tos : `0x${tos}`);
    return { value, mask: 0x1c };
  }
  const dscp = values.get('dscp');
  if (dscp === undefined) return undefined;
  const [value = '', mask] = dscp.split('/');
  const number = tosNames.get(value) ?? Number(value) << 2;
  return { value: number, mask: mask === undefined ? 0xfc : (Number(mask) << 2) & 0xfc };
}

/** `1000-2000`, or one number. */
function readRange(text: string | undefined): NumberRange | undefined {
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(text ?? '') ?? [];
  return from === undefined ? undefined : { from: Number(from), to: Number(to ?? from) };
}

/** `tcp`, `132` or `ipproto-132`. */
function readProtocol(text: string | undefined): number | undefined {
  const bare = text?.replace(/^ipproto-/, '');
  return bare === undefined ? undefined : (protocolNumber(bare) ?? readNumber(bare));
}

function readNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** What is written in a form that is not known leaves the rule in question. */
const readers: readonly (readonly [string, (text: string) => unknown])[] = [
  ['uidrange', readRange],
  ['ipproto', readProtocol],
  ['sport', readRange],
  ['dport', readRange],
  ['goto', readNumber],
  ['tun_id', readNumber],
  ['suppress_prefixlength', readNumber],
];

const withValue: ReadonlySet<string> = new Set([
  'from',
  'to',
  'iif',
  'oif',
  'fwmark',
  'lookup',
  'table',
  'tos',
  'dsfield',
  'dscp',
  'uidrange',
  'ipproto',
  'sport',
  'dport',
  'tun_id',
  'goto',
  'suppress_prefixlength',
  'suppress_ifgroup',
  'realms',
]);

const withoutValue: ReadonlySet<string> = new Set([
  'not',
  'l3mdev',
  'nop',
  'unreachable',
  'prohibit',
  'blackhole',
]);

/** What does not decide whether a rule applies; true where a value follows (ip-rule(8)). */
const ignored: ReadonlyMap<string, boolean> = new Map([
  ['proto', true],
  ['protocol', true],
  ['[detached]', false],
  ['[unresolved]', false],
]);
