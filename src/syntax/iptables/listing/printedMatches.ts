import type { MultiportMatch, PacketTypeMatch } from '../../../core/rules/match';
import { parseAddress } from '../../../core/address';
import { parseAddressTypes, parseStates } from '../matches/conntrack';
import { packetBurst, parseProbability } from '../matches/counting';
import { parseInterval, parseInterface, parseMasked, parseNumber, parsePorts } from '../values';
import { parseDirections } from '../values';
import type { MatchReader, PrintedMatch } from './printedMatch';
import { printedPorts } from './printedPorts';
import { printedParts } from './printedParts';
import type { Words } from './words';

/** `!0x10` or `! 0x10`: the value, and whether it is negated. */
function negatableWord(words: Words): { readonly text: string; readonly negated: boolean } {
  const apart = words.skip('!');
  const text = words.next();
  return text.startsWith('!') ? { text: text.slice(1), negated: true } : { text, negated: apart };
}

function markReader(kind: 'mark' | 'connmark'): MatchReader {
  return (words) => {
    if (!words.skip('match')) return undefined;
    const { text, negated } = negatableWord(words);
    const mark = parseMasked(text);
    return mark && { kind, ...mark, negated };
  };
}

function readAddressType(words: Words): PrintedMatch | undefined {
  if (!words.skip('match')) return undefined;
  const read = (key: string) => {
    if (!words.skip(key)) return undefined;
    const { text, negated } = negatableWord(words);
    const value = parseAddressTypes(text);
    return value ? { value, negated } : undefined;
  };
  return {
    kind: 'addrtype',
    source: read('src-type'),
    destination: read('dst-type'),
    limitIn: words.skip('limit-in'),
    limitOut: words.skip('limit-out'),
  };
}

function readSet(words: Words, negated: boolean): PrintedMatch | undefined {
  const name = words.next();
  const directions = parseDirections(words.next());
  if (!directions) return undefined;
  return { kind: 'set', name, directions, negated, returnNomatch: words.skip('return-nomatch') };
}

const sides: Readonly<Record<string, MultiportMatch['side'] | undefined>> = {
  sports: 'source',
  dports: 'destination',
  ports: 'either',
};

function readMultiport(words: Words): PrintedMatch | undefined {
  const side = new Map(Object.entries(sides)).get(words.next());
  const { text, negated } = negatableWord(words);
  const ports = text.split(',').map(parsePorts);
  if (!side || !ports.every((port) => port !== undefined)) return undefined;
  return { kind: 'multiport', side, ports, negated };
}

function readStatistic(words: Words): PrintedMatch | undefined {
  if (!words.skip('mode')) return undefined;
  const mode = words.next();
  const negated = words.skip('!');
  if (mode === 'random') {
    const random = parseProbability(words.after('probability') ?? '');
    return random === undefined ? undefined : { kind: 'statistic', mode: { random }, negated };
  }
  const every = parseNumber(words.after('every') ?? '');
  const packet = parseNumber(words.after('packet') ?? '0');
  if (mode !== 'nth' || !every || packet === undefined) return undefined;
  return { kind: 'statistic', mode: { every, packet }, negated };
}

const recentActions = new Map([
  ['SET', 'set'],
  ['CHECK', 'rcheck'],
  ['UPDATE', 'update'],
  ['REMOVE', 'remove'],
] as const);

/** `recent: CHECK seconds: 600 reap name: A side: source mask: 255.255.255.255` */
function readRecent(words: Words, negated: boolean): PrintedMatch | undefined {
  const action = new Map<string, 'set' | 'rcheck' | 'update' | 'remove'>(recentActions).get(
    words.next(),
  );
  if (!action) return undefined;
  const seconds = words.after('seconds:');
  const reap = words.skip('reap');
  const hitcount = words.after('hit_count:');
  const ttl = words.skip('TTL-Match');
  const name = words.after('name:');
  const side = words.after('side:');
  const mask = words.after('mask:');
  if (name === undefined || (side !== 'source' && side !== 'dest')) return undefined;
  return {
    kind: 'recent',
    action,
    name,
    side: side === 'source' ? 'source' : 'destination',
    mask: mask === undefined ? undefined : parseAddress(mask),
    seconds: seconds === undefined ? undefined : parseNumber(seconds),
    hitcount: hitcount === undefined ? undefined : parseNumber(hitcount),
    reap,
    ttl,
    negated,
  };
}

/** `limit: avg 10/min burst 7`, and hashlimit's `limit: above 10/sec burst 5 mode srcip`. */
function readLimit(words: Words): PrintedMatch | undefined {
  const how = words.next();
  if (how === 'avg') {
    const rate = words.next();
    const burst = words.after('burst') ?? '';
    const text = `${rate} burst ${burst}`;
    return { kind: 'limit', text, burst: parseNumber(burst), above: false };
  }
  const above = how === 'above';
  if (!above && !(how === 'up' && words.skip('to'))) return undefined;
  const rate = words.next();
  const parts = [above ? 'above' : 'up to', rate];
  let burst: number | undefined;
  for (const key of ['burst', 'mode', 'srcmask', 'dstmask', 'htable-size', 'htable-max']) {
    const value = words.after(key);
    if (value === undefined) continue;
    parts.push(key, value);
    if (key === 'burst') burst = packetBurst(rate, value);
  }
  return { kind: 'hashlimit', text: parts.join(' '), burst, above };
}

function readPhysdev(words: Words): PrintedMatch | undefined {
  if (!words.skip('match')) return undefined;
  const flag = (key: string) => {
    const negated = words.skip('!', key);
    return negated || words.skip(key) ? ({ value: true, negated } as const) : undefined;
  };
  const device = (key: string) => {
    const found = flag(key);
    return found && { value: parseInterface(words.next()), negated: found.negated };
  };
  return {
    kind: 'physdev',
    isIn: flag('--physdev-is-in'),
    in: device('--physdev-in'),
    isOut: flag('--physdev-is-out'),
    out: device('--physdev-out'),
    isBridged: flag('--physdev-is-bridged'),
  };
}

/** `TTL match TTL == 64` */
function ttlReader(kind: 'ttl' | 'hl'): MatchReader {
  return (words, _, first) => {
    if (!words.skip('match', first)) return undefined;
    const sign = words.next();
    const value = parseNumber(words.next());
    if (value === undefined) return undefined;
    const comparison = sign === '<' ? 'less' : sign === '>' ? 'greater' : 'equal';
    return { kind, comparison, value, negated: sign === '!=' };
  };
}

function readPacketType(words: Words): PrintedMatch | undefined {
  const sign = words.next();
  const text = words.next();
  const types: readonly PacketTypeMatch['type'][] = ['unicast', 'broadcast', 'multicast'];
  const type = types.find((type) => type === text);
  if (!type || (sign !== '=' && sign !== '!=')) return undefined;
  return { kind: 'pkttype', type, negated: sign === '!=' };
}

function readLength(words: Words): PrintedMatch | undefined {
  const { text, negated } = negatableWord(words);
  const bytes = parseInterval(text, ':', 0xffff);
  return bytes && { kind: 'length', bytes, negated };
}

function readMac(words: Words): PrintedMatch {
  const { text, negated } = negatableWord(words);
  return { kind: 'mac', address: text.toLowerCase(), negated };
}

/** `tos match!0x10/0x3f`: no blank before the value. */
function readTos(words: Words): PrintedMatch | undefined {
  const [, negation, text] = /^match(!?)(.+)$/.exec(words.next()) ?? [];
  const tos = text === undefined ? undefined : parseMasked(text, 0xff);
  return tos && { kind: 'tos', ...tos, negated: negation === '!' };
}

function readDscp(words: Words): PrintedMatch | undefined {
  if (!words.skip('match')) return undefined;
  const { text, negated } = negatableWord(words);
  const value = parseNumber(text);
  return value === undefined ? undefined : { kind: 'dscp', value: value << 2, mask: 0xfc, negated };
}

/** By the first word that each extension of iptables 1.8.9 prints. */
export const printedMatches: ReadonlyMap<string, MatchReader> = new Map<string, MatchReader>([
  ...printedPorts,
  ...printedParts,
  ['mark', markReader('mark')],
  ['connmark', markReader('connmark')],
  ['state', readState],
  ['ADDRTYPE', readAddressType],
  ['match-set', readSet],
  ['multiport', readMultiport],
  ['statistic', readStatistic],
  ['recent:', readRecent],
  ['limit:', readLimit],
  ['PHYSDEV', readPhysdev],
  ['TTL', ttlReader('ttl')],
  ['HL', ttlReader('hl')],
  ['PKTTYPE', readPacketType],
  ['length', readLength],
  ['MAC', readMac],
  ['tos', readTos],
  ['DSCP', readDscp],
  ['nfacct-name', (words) => ({ kind: 'nfacct', name: words.next() })],
  [
    'rpfilter',
    (words) => ({
      kind: 'rpfilter',
      loose: words.skip('loose'),
      validmark: words.skip('validmark'),
      acceptLocal: words.skip('accept-local'),
      invert: words.skip('invert'),
    }),
  ],
  [
    'socket',
    (words) => ({
      kind: 'socket',
      transparent: words.skip('--transparent'),
      nowildcard: words.skip('--nowildcard'),
      restoreMark: words.skip('--restore-skmark'),
    }),
  ],
]);

function readState(words: Words, negated: boolean): PrintedMatch | undefined {
  const value = parseStates(words.next());
  return value && { kind: 'conntrack', states: { value, negated } };
}
