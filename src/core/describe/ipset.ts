import { formatAddress, formatNetwork, prefixLength } from '../address';
import type { IpSetEntry, IpSetPart } from '../node';
import { protocolName } from '../protocol';

/** What the elements of a set are, in one sentence; undefined for a type that ipset does not have. */
export function describeSetType(type: string): string | undefined {
  const [method, parts] = type.split(':');
  const way = methods.get(method ?? '');
  const words = parts?.split(',').map((part) => partWords.get(part));
  if (way === undefined || !words || words.includes(undefined)) return undefined;
  if (method === 'list') return 'A set of sets: it holds what any of its members holds.';
  return `Each element is ${joined(words as string[])}. ${way}`;
}

/**
 * What a rule looks up in a set, part by part: `hash:ip,port,ip` with `dst,dst,src` is "destination
 * address, destination port, source address". Directions that the type has no part for are left out,
 * as the kernel does; undefined where there are too few.
 */
export function describeDirections(
  type: string,
  directions: readonly string[],
): string | undefined {
  const parts = type.slice(type.indexOf(':') + 1).split(',');
  if (type.startsWith('list:')) {
    return `the ${directions.map((each) => sides.get(each) ?? each).join(', ')} of the packet, in each member set`;
  }
  if (directions.length < parts.length) return undefined;
  const words = parts.map((part, i) => {
    if (part === 'mark') return 'the mark of the packet';
    const side = sides.get(directions[i]!);
    if (part === 'iface') return side === 'source' ? 'incoming interface' : 'outgoing interface';
    return side === undefined ? undefined : `${side} ${lookedUp.get(part) ?? part}`;
  });
  return words.includes(undefined) ? undefined : words.join(', ');
}

/** One element in words: `10.96.0.1, tcp port 443`. */
export function describeEntry({ parts, nomatch, timeout, comment }: IpSetEntry): string {
  const words = parts.map(describePart).join(', ');
  const notes = [
    ...(nomatch ? ['an exception: what falls here is not in the set'] : []),
    ...(timeout === undefined ? [] : [timeout === 0 ? 'stays for ever' : `${timeout} s left`]),
    ...(comment === undefined ? [] : [`comment: ${comment}`]),
  ];
  return notes.length > 0 ? `${words} (${notes.join('; ')})` : words;
}

function describePart(part: IpSetPart): string {
  switch (part.kind) {
    case 'network': {
      const { address } = part.network;
      const single = prefixLength(part.network) === (address.family === 4 ? 32 : 128);
      return single ? formatAddress(address) : formatNetwork(part.network);
    }
    case 'port': {
      const { protocol, from, to } = part;
      if (protocol === 1 || protocol === 58) {
        return `${protocolName(protocol)} type ${from >> 8} code ${from & 255}`;
      }
      const range = from === to ? `port ${from}` : `ports ${from} to ${to}`;
      return protocol === undefined ? range : `${protocolName(protocol)} ${range}`;
    }
    case 'mark':
      return `mark 0x${part.mark.toString(16)}`;
    case 'interface':
      return part.wildcard ? `interfaces ${part.name}*` : `interface ${part.name}`;
    case 'mac':
      return part.mac;
    case 'set':
      return `the set ${part.name}`;
    case 'other':
      return `${part.text} (not understood)`;
  }
}

function joined(words: readonly string[]): string {
  const last = words[words.length - 1]!;
  return words.length === 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** ipset(8), SET TYPES. */
const methods: ReadonlyMap<string, string> = new Map([
  ['bitmap', 'The range is given when the set is created.'],
  [
    'hash',
    'The time of a look-up does not grow with the set; for net types it grows with the number of prefix lengths.',
  ],
  ['list', ''],
]);

const partWords: ReadonlyMap<string, string> = new Map([
  ['ip', 'an address'],
  ['net', 'a network'],
  ['port', 'a port (with its protocol, in hash types)'],
  ['mark', 'a packet mark'],
  ['mac', 'a MAC address'],
  ['iface', 'an interface'],
  ['set', 'a set'],
]);

const sides: ReadonlyMap<string, string> = new Map([
  ['src', 'source'],
  ['dst', 'destination'],
]);

const lookedUp: ReadonlyMap<string, string> = new Map([
  ['ip', 'address'],
  ['net', 'address'],
  ['port', 'port'],
  ['mac', 'MAC address'],
]);
