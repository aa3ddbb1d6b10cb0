import type { Expression } from '../../../core/rules/expression';
import { mostParts } from './mostParts';
import type { Reader } from '../text/reader';
import {
  conntrackKeys,
  metaKeys,
  optionFields,
  optionProtocols,
  payloadFields,
  rawBases,
  routingKeys,
  unqualifiedMeta,
} from '../values/keywords';

/**
 * What is read from the packet, its connection or the routes: `ip saddr`, `meta mark`, `iifname`,
 * `ct original ip daddr`, `fib daddr . iif type`. undefined, and nothing read, where no such thing
 * begins.
 */
export function readSelector(reader: Reader): Expression | undefined {
  const from = reader.at;
  const found =
    readers.get(reader.word())?.(reader, from) ?? payload(reader, from) ?? raw(reader, from);
  if (!found) reader.at = from;
  return found;
}

type Read = (reader: Reader, from: number) => Expression | undefined;

const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['meta', (reader, from) => meta(reader, from, metaKeys, 1)],
  ...[...unqualifiedMeta].map(
    (key) => [key, (reader, from) => meta(reader, from, unqualifiedMeta, 0)] as [string, Read],
  ),
  ['ct', conntrack],
  ['fib', fib],
  ['numgen', numgen],
  ['jhash', jhash],
  ['symhash', symhash],
  ['socket', socket],
  ['rt', routing],
  ['osf', osf],
  ['ipsec', ipsec],
  ['exthdr', exists],
]);

function meta(
  reader: Reader,
  from: number,
  keys: ReadonlySet<string>,
  ahead: number,
): Expression | undefined {
  const key = reader.word(ahead);
  if (!keys.has(key)) return undefined;
  reader.at += ahead + 1;
  return { kind: 'meta', key: key === 'ibridgename' ? 'ibrname' : key, range: reader.range(from) };
}

/** `ct state`, `ct original ip saddr`, and of old versions `ct original saddr`. */
function conntrack(reader: Reader, from: number): Expression | undefined {
  reader.at++;
  const direction = reader.takeOneOf(['original', 'reply'] as const);
  const family = reader.takeOneOf(['ip', 'ip6'] as const);
  const key = reader.word();
  if (!conntrackKeys.has(key)) return undefined;
  reader.at++;
  return {
    ...{ kind: 'ct', key, range: reader.range(from) },
    ...(direction && { direction }),
    ...(family && { family: family === 'ip' ? 4 : 6 }),
  };
}

function fib(reader: Reader, from: number): Expression | undefined {
  reader.at++;
  const flags: string[] = [];
  do {
    const flag = reader.takeOneOf(['saddr', 'daddr', 'mark', 'iif', 'oif']);
    if (!flag) return undefined;
    flags.push(flag);
  } while (reader.take('.'));
  const result = reader.takeOneOf(['type', 'oif', 'oifname', 'check'] as const);
  if (!result) return undefined;
  // `nft -n` prints 0 and 1 for missing and exists; the device of index 1 it calls by its name, "lo".
  const present = result === 'check' || /^(missing|exists|[01])$/.test(afterOperator(reader));
  return {
    ...{ kind: 'fib', result: result === 'check' ? 'oif' : result, present, flags },
    range: reader.range(from),
  };
}

/** The word that a comparison would be with. */
function afterOperator(reader: Reader): string {
  return reader.word(/^(==|!=)$/.test(reader.word()) ? 1 : 0);
}

function numgen(reader: Reader, from: number): Expression | undefined {
  reader.at++;
  const mode = reader.takeOneOf(['random', 'inc'] as const);
  const modulus = reader.take('mod') ? reader.takeNumber() : undefined;
  if (!mode || modulus === undefined) return undefined;
  const offset = (reader.take('offset') ? reader.takeNumber() : undefined) ?? 0;
  return { kind: 'numgen', mode, modulus, offset, range: reader.range(from) };
}

function jhash(reader: Reader, from: number): Expression | undefined {
  reader.at++;
  const first = readSelector(reader);
  if (!first) return undefined;
  const parts = [first];
  while (reader.take('.')) {
    const part = readSelector(reader);
    if (!part || parts.length === mostParts) return undefined;
    parts.push(part);
  }
  const of: Expression =
    parts.length === 1 ? first : { kind: 'concat', parts, range: reader.range(from + 1) };
  const modulus = reader.take('mod') ? reader.takeNumber() : undefined;
  if (modulus === undefined) return undefined;
  const seed = reader.take('seed') ? reader.takeNumber() : undefined;
  const offset = (reader.take('offset') ? reader.takeNumber() : undefined) ?? 0;
  const range = reader.range(from);
  return { kind: 'jhash', of, modulus, offset, range, ...(seed !== undefined && { seed }) };
}

function symhash(reader: Reader, from: number): Expression | undefined {
  reader.at++;
  const modulus = reader.take('mod') ? reader.takeNumber() : undefined;
  if (modulus === undefined) return undefined;
  const offset = (reader.take('offset') ? reader.takeNumber() : undefined) ?? 0;
  return { kind: 'symhash', modulus, offset, range: reader.range(from) };
}

/** `socket transparent`, `socket cgroupv2 level 2`. */
function socket(reader: Reader, from: number): Expression | undefined {
  reader.at++;
  const key = reader.takeOneOf(['transparent', 'mark', 'wildcard', 'cgroupv2']);
  if (!key) return undefined;
  if (reader.take('level')) reader.takeNumber();
  return { kind: 'socket', text: reader.text(from), range: reader.range(from) };
}

/** `rt nexthop`, `rt ip6 nexthop`; `rt type` is the field of a routing header. */
function routing(reader: Reader, from: number): Expression | undefined {
  reader.at++;
  const family = reader.takeOneOf(['ip', 'ip6'] as const);
  const key = reader.takeOneOf(routingKeys);
  if (!key) {
    reader.at = from;
    return undefined;
  }
  return {
    ...{ kind: 'rt', key, text: reader.text(from), range: reader.range(from) },
    ...(family && { family: family === 'ip' ? 4 : 6 }),
  };
}

/** `osf ttl skip name`. */
function osf(reader: Reader, from: number): Expression | undefined {
  reader.at++;
  if (reader.take('ttl')) reader.at++;
  if (!reader.takeOneOf(['name', 'version'])) return undefined;
  return { kind: 'osf', text: reader.text(from), range: reader.range(from) };
}

/** `ipsec in reqid`, `ipsec out spnum 1 ip saddr`; alone it is the key of meta. */
function ipsec(reader: Reader, from: number): Expression | undefined {
  if (!/^(in|out)$/.test(reader.word(1))) return meta(reader, from, unqualifiedMeta, 0);
  reader.at += 2;
  if (reader.take('spnum')) reader.takeNumber();
  reader.takeOneOf(['ip', 'ip6']);
  if (!reader.takeOneOf(['reqid', 'spi', 'saddr', 'daddr'])) return undefined;
  return { kind: 'ipsec', text: reader.text(from), range: reader.range(from) };
}

/** `exthdr hbh`: whether the packet has the header. */
function exists(reader: Reader, from: number): Expression | undefined {
  const name = reader.word(1);
  reader.at += 2;
  return { kind: 'exthdr', name, text: reader.text(from), range: reader.range(from) };
}

/** `ip saddr`, `tcp dport`, `arp saddr ip`, `tcp option maxseg size`. */
function payload(reader: Reader, from: number): Expression | undefined {
  const protocol = reader.word();
  const fields = payloadFields.get(protocol);
  if (!fields) return undefined;
  const options = optionProtocols.find((one) => one === protocol);
  if (options && /^(option|chunk)$/.test(reader.word(1))) {
    reader.at += 3;
    // `tcp option @255,8,8`: bits of an option by its number.
    const byPlace = reader.word(-1).startsWith('@') && reader.word() === ',';
    if (byPlace) reader.at += 4;
    const presence = !byPlace && !reader.takeOneOf(optionFields);
    return {
      ...{ kind: 'option', protocol: options, presence },
      ...{ text: reader.text(from), range: reader.range(from) },
    };
  }
  const field = reader.word(1);
  // `srh sid[1]`: of a list of segments one.
  if (!fields.has(field.replace(/\[\d{1,3}\]$/, ''))) return undefined;
  reader.at += 2;
  // ARP has two addresses of each side: `arp saddr ip`, `arp saddr ether`.
  const sides = protocol === 'arp' && /^[sd]addr$/.test(field);
  const which = sides ? reader.takeOneOf(['ip', 'ether']) : undefined;
  return {
    ...{ kind: 'payload', protocol, field: which ? `${field} ${which}` : field },
    range: reader.range(from),
  };
}

/** `@th,16,16`: bits of the packet by their place. */
function raw(reader: Reader, from: number): Expression | undefined {
  const base = rawBases.find((one) => reader.word() === `@${one}`);
  if (!base || reader.word(1) !== ',') return undefined;
  const [offset, length] = [Number(reader.word(2)), Number(reader.word(4))];
  reader.at += 5;
  return {
    ...{ kind: 'raw', base, offset, length },
    ...{ text: reader.text(from), range: reader.range(from) },
  };
}
