import { prefixLength, prefixMask } from '../address';
import type { Address, Network } from '../address';
import type { IpSet, IpSetEntry, IpSetPart, NodeState } from '../node';
import { protocolNumbers } from '../packet';
import type { SetMatch } from '../rules/match';
import type { Device } from './state';

/** What a set look-up may take from the packet, for one direction. */
export interface SetKeySource {
  readonly address: Address;
  /** undefined: chosen at random, not known. */
  readonly port: number | undefined;
  readonly device: Device;
}

export interface SetQuery {
  readonly source: SetKeySource;
  readonly destination: SetKeySource;
  readonly protocol: number;
  /** icmp: type * 256 + code stands for the port. */
  readonly icmp: number | undefined;
  readonly mark: number;
  readonly sourceMac: string | undefined;
  readonly fragment: boolean;
}

/** In the set, in it with the nomatch flag, not in it; a string is why that can't be said. */
export type Membership = 'in' | 'nomatch' | 'out' | { readonly unknown: string };

type Directions = SetMatch['directions'];

/**
 * ip_set_test (net/netfilter/ipset/ip_set_core.c). A match with fewer directions than the set has
 * dimensions never holds.
 */
export function testSet(
  node: NodeState,
  name: string,
  directions: Directions,
  query: SetQuery,
): Membership {
  if (!node.sets) return { unknown: 'no dump of the ipsets' };
  const set = node.sets.get(name);
  if (!set) return { unknown: `the set ${name} is not in the ipset dump` };
  return test(node.sets, set, directions, query);
}

function test(
  sets: ReadonlyMap<string, IpSet>,
  set: IpSet,
  directions: Directions,
  query: SetQuery,
): Membership {
  const colon = set.type.indexOf(':');
  const dimensions = set.type.slice(colon + 1).split(',');
  if (directions.length < dimensions.length) return 'out';
  if (set.family !== undefined && set.family !== query.source.address.family) return 'out';
  if (!set.complete) return { unknown: `the dump leaves out the elements of the set ${set.name}` };
  if (set.type === 'list:set') return testList(sets, set, directions, query);
  const wanted: WantedPart[] = [];
  for (const [i, dimension] of dimensions.entries()) {
    const part = wantedPart(set, dimension, directions[i] ?? 'dst', query);
    if (part === 'none') return 'out';
    if ('unknown' in part) return part;
    wanted.push(part);
  }
  return indexOf(set).find(wanted);
}

function testList(
  sets: ReadonlyMap<string, IpSet>,
  list: IpSet,
  directions: Directions,
  query: SetQuery,
): Membership {
  let open: Membership = 'out';
  for (const { parts } of list.entries) {
    const name = parts[0]?.kind === 'set' ? parts[0].name : '';
    const member = sets.get(name);
    const found: Membership = !member
      ? { unknown: `the set ${name}, of ${list.name}, is not in the ipset dump` }
      : member.type === 'list:set'
        ? 'out'
        : test(sets, member, directions, query);
    if (found === 'in') return 'in';
    if (typeof found === 'object') open = found;
  }
  return open;
}

/** One part of the key that the packet is looked up by. */
type WantedPart =
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'device'; readonly name: string };

/** Of the types with addresses; 'none': such a packet is in no element. */
function wantedPart(
  set: IpSet,
  dimension: string,
  direction: 'src' | 'dst',
  query: SetQuery,
): WantedPart | 'none' | { readonly unknown: string } {
  const side = direction === 'src' ? query.source : query.destination;
  switch (dimension) {
    case 'ip':
    case 'net':
      return { kind: 'address', address: side.address };
    case 'port':
      return wantedPort(set, side, query);
    case 'mark': {
      const mask = Number(set.options.get('markmask') ?? 0xffffffff);
      return { kind: 'text', text: String((query.mark & mask) >>> 0) };
    }
    case 'iface':
      if (side.device === undefined) return { unknown: 'the device is not known' };
      return side.device === '' ? 'none' : { kind: 'device', name: side.device };
    case 'mac':
      if (query.sourceMac === undefined) return { unknown: 'the MAC address is not known' };
      return { kind: 'text', text: query.sourceMac };
    default:
      return { unknown: `sets of type ${set.type} are not modelled` };
  }
}

const { icmp, icmp6, tcp, udp, sctp, udplite } = protocolNumbers;

/** ip_set_getport.c: protocols without ports have port 0; bitmap:port knows tcp and udp only. */
function wantedPort(
  set: IpSet,
  side: SetKeySource,
  { protocol, icmp: typeAndCode, fragment }: SetQuery,
): WantedPart | 'none' | { readonly unknown: string } {
  if (fragment) return 'none';
  const bitmap = set.type === 'bitmap:port';
  if (bitmap && protocol !== tcp && protocol !== udp) return 'none';
  const prefix = bitmap ? '' : `${protocol}:`;
  if (protocol === icmp || protocol === icmp6) {
    return { kind: 'text', text: `${prefix}${typeAndCode ?? 0}` };
  }
  if (![tcp, udp, sctp, udplite].includes(protocol as never)) {
    return { kind: 'text', text: `${prefix}0` };
  }
  if (side.port === undefined) return { unknown: 'the port is chosen at random' };
  return { kind: 'text', text: `${prefix}${side.port}` };
}

interface SetIndex {
  find(wanted: readonly WantedPart[]): Membership;
}

const indices = new WeakMap<IpSet, SetIndex>();

function indexOf(set: IpSet): SetIndex {
  let index = indices.get(set);
  if (!index) indices.set(set, (index = buildIndex(set)));
  return index;
}

/** Elements of one combination of prefix lengths, by their key. */
interface Shape {
  readonly lengths: readonly number[];
  readonly elements: Map<string, IpSetEntry>;
}

/** mtype_test_cidrs (ip_set_hash_gen.h): the longest prefixes first; the first element decides. */
function buildIndex(set: IpSet): SetIndex {
  const shapes = new Map<string, Shape>();
  const odd: IpSetEntry[] = [];
  for (const entry of set.entries) {
    const keys = keysOf(set, entry.parts);
    if (!keys) {
      odd.push(entry);
      continue;
    }
    const lengths = entry.parts.map((part) =>
      part.kind === 'network' ? (prefixLength(part.network) ?? -1) : -1,
    );
    const id = lengths.join();
    let shape = shapes.get(id);
    if (!shape) shapes.set(id, (shape = { lengths, elements: new Map() }));
    for (const key of keys) shape.elements.set(key, entry);
  }
  const ordered = [...shapes.values()].sort((left, right) => longerFirst(left, right));
  const wildcards = set.entries.some(({ parts }) =>
    parts.some((part) => part.kind === 'interface' && part.wildcard),
  );
  const nets = set.type === 'hash:net,iface' ? netsOf(set) : undefined;
  return {
    find(wanted) {
      for (const { lengths, elements } of ordered) {
        for (const key of wantedKeys(wanted, lengths, wildcards)) {
          const entry = elements.get(key);
          if (entry) return entry.nomatch ? 'nomatch' : 'in';
        }
        // hash_netiface4_data_equal counts a net of another device as found: the search ends there.
        const [net] = nets ? wantedKeys(wanted.slice(0, 1), lengths, false) : [];
        if (nets?.has(`${net}/${lengths[0]}`)) return 'out';
      }
      const [first] = odd;
      if (!first) return 'out';
      return { unknown: `the element ${first.text} of ${set.name} is not understood` };
    },
  };
}

/** The nets of a hash:net,iface: key and prefix length. */
function netsOf(set: IpSet): ReadonlySet<string> {
  const nets = set.entries.flatMap(({ parts }) => {
    const [part] = parts;
    if (part?.kind !== 'network') return [];
    return [`|${networkText(part.network)}/${prefixLength(part.network)}`];
  });
  return new Set(nets);
}

function longerFirst(left: Shape, right: Shape): number {
  for (let i = 0; i < left.lengths.length; i++) {
    const difference = (right.lengths[i] ?? 0) - (left.lengths[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The keys of an element, one for each port of a range; undefined when it is not understood. */
function keysOf(set: IpSet, parts: readonly IpSetPart[]): readonly string[] | undefined {
  let keys = [''];
  for (const part of parts) {
    const texts = partTexts(set, part);
    if (!texts) return undefined;
    keys = keys.flatMap((key) => texts.map((text) => `${key}|${text}`));
  }
  return keys;
}

function partTexts(set: IpSet, part: IpSetPart): readonly string[] | undefined {
  switch (part.kind) {
    case 'network':
      return prefixLength(part.network) === undefined ? undefined : [networkText(part.network)];
    case 'port': {
      const protocol = set.type === 'bitmap:port' ? '' : `${part.protocol ?? tcp}:`;
      const count = part.to - part.from + 1;
      return Array.from({ length: count }, (_, i) => `${protocol}${part.from + i}`);
    }
    case 'mark':
      return [String(part.mark)];
    case 'interface':
      return [part.wildcard ? `${part.name}+` : part.name];
    case 'mac':
      return [part.mac];
    case 'set':
    case 'other':
      return undefined;
  }
}

function wantedKeys(
  wanted: readonly WantedPart[],
  lengths: readonly number[],
  wildcards: boolean,
): readonly string[] {
  let keys = [''];
  for (const [i, part] of wanted.entries()) {
    const texts = wantedTexts(part, lengths[i] ?? -1, wildcards);
    keys = keys.flatMap((key) => texts.map((text) => `${key}|${text}`));
  }
  return keys;
}

function wantedTexts(part: WantedPart, length: number, wildcards: boolean): readonly string[] {
  switch (part.kind) {
    case 'address': {
      const mask = prefixMask(part.address.family, Math.max(length, 0));
      return [networkText({ address: part.address, mask })];
    }
    case 'text':
      return [part.text];
    case 'device': {
      if (!wildcards) return [part.name];
      const prefixes = Array.from(part.name, (_, i) => `${part.name.slice(0, i + 1)}+`);
      return [part.name, ...prefixes];
    }
  }
}

function networkText({ address, mask }: Network): string {
  return address.words.map((word, i) => (word & mask[i]!) >>> 0).join('.');
}
