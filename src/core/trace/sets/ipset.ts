import { l10n } from '../../l10n';
import { missing } from '../../missing';
import { prefixLength } from '../../address';
import type { Address } from '../../address';
import { EntryList } from '../../ipset/entryList';
import type { IpSet, IpSetEntry, IpSetPart } from '../../ipset/types';
import type { NodeState } from '../../node';
import { protocolNumbers } from '../../packet';
import type { SetMatch } from '../../rules/match';
import type { Pattern, Value } from '../../rules/value';
import { finish, type Work } from '../../work';
import type { Device } from '../device';
import { indexKeys, type Indexed, type KeyIndex } from './keyIndex';
import { plainShapes } from './plainRows';

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
  /** 'none': the packet has no link addresses. */
  readonly sourceMac: string | undefined;
  readonly fragment: boolean;
}

/** In the set, in it with the nomatch flag, not in it; a string is why that can't be said. */
export type Membership = 'in' | 'nomatch' | 'out' | { readonly unknown: string };

type Directions = SetMatch['directions'];

/** ip_set_test (net/netfilter/ipset/ip_set_core.c). */
export function testSet(
  node: NodeState,
  name: string,
  directions: Directions,
  query: SetQuery,
): Membership {
  const found = elementFor(node, name, directions, query);
  if (found === 'out' || 'unknown' in found) return found;
  return found.nomatch ? 'nomatch' : 'in';
}

/** The element that the packet is found in. */
export type Found = IpSetEntry | 'out' | { readonly unknown: string };

/** A match with fewer directions than the set has dimensions never holds. */
export function elementFor(
  node: NodeState,
  name: string,
  directions: Directions,
  query: SetQuery,
): Found {
  if (!node.sets) return { unknown: missing('ipset save') };
  const set = node.sets.get(name);
  if (!set) return { unknown: l10n.t`the set ${name} is not in the ipset dump` };
  return test(node.sets, set, directions, query);
}

function test(
  sets: ReadonlyMap<string, IpSet>,
  set: IpSet,
  directions: Directions,
  query: SetQuery,
): Found {
  const colon = set.type.indexOf(':');
  const dimensions = set.type.slice(colon + 1).split(',');
  if (directions.length < dimensions.length) return 'out';
  if (set.family !== undefined && set.family !== query.source.address.family) return 'out';
  if (!set.complete)
    return { unknown: l10n.t`the dump leaves out the elements of the set ${set.name}` };
  if (set.type === 'list:set') return testList(sets, set, directions, query);
  const key: Value[] = [];
  for (const [i, dimension] of dimensions.entries()) {
    const part = keyPart(set, dimension, directions[i] ?? 'dst', query);
    if (part === 'none') return 'out';
    if ('unknown' in part) return part;
    key.push(...part);
  }
  return lookUp(set, key);
}

/**
 * list_set_ktest: with skbinfo it is the member's own that counts, not that of the element in it. An
 * exception in one member is passed by; it is what --return-nomatch finds (ip_set_test of the member).
 */
function testList(
  sets: ReadonlyMap<string, IpSet>,
  list: IpSet,
  directions: Directions,
  query: SetQuery,
): Found {
  let open: Found = 'out';
  for (const entry of list.entries) {
    const [part] = entry.parts;
    const name = part?.kind === 'set' ? part.name : '';
    const member = sets.get(name);
    const found: Found = !member
      ? { unknown: l10n.t`the set ${name}, of ${list.name}, is not in the ipset dump` }
      : member.type === 'list:set'
        ? 'out'
        : test(sets, member, directions, query);
    if (found === 'out') continue;
    if ('unknown' in found) open = found;
    else if (!found.nomatch) return list.options.has('skbinfo') ? entry : found;
    else if (open === 'out') open = found;
  }
  return open;
}

/** Of the types with addresses; 'none': such a packet is in no element. */
function keyPart(
  set: IpSet,
  dimension: string,
  direction: 'src' | 'dst',
  query: SetQuery,
): readonly Value[] | 'none' | { readonly unknown: string } {
  const side = direction === 'src' ? query.source : query.destination;
  switch (dimension) {
    case 'ip':
    case 'net':
      return [{ kind: 'address', address: side.address }];
    case 'port':
      return portKey(set, side, query);
    case 'mark': {
      const mask = Number(set.options.get('markmask') ?? 0xffffffff);
      return [{ kind: 'number', number: (query.mark & mask) >>> 0 }];
    }
    case 'iface':
      if (side.device === undefined) return { unknown: l10n.t`the device is not known` };
      return side.device === '' ? 'none' : [{ kind: 'text', text: side.device }];
    case 'mac':
      if (query.sourceMac === undefined) return { unknown: l10n.t`the MAC address is not known` };
      return query.sourceMac === 'none' ? 'none' : [{ kind: 'text', text: query.sourceMac }];
    default:
      return { unknown: l10n.t`sets of type ${set.type} are not modelled` };
  }
}

const { icmp, icmp6, tcp, udp, sctp, udplite } = protocolNumbers;

/** ip_set_getport.c: protocols without ports have port 0; bitmap:port knows tcp and udp only. */
function portKey(
  set: IpSet,
  side: SetKeySource,
  { protocol, icmp: typeAndCode, fragment }: SetQuery,
): readonly Value[] | 'none' | { readonly unknown: string } {
  if (fragment) return 'none';
  const bitmap = set.type === 'bitmap:port';
  if (bitmap && protocol !== tcp && protocol !== udp) return 'none';
  const key = (port: number): readonly Value[] => {
    const own: Value = { kind: 'number', number: port };
    return bitmap ? [own] : [{ kind: 'number', number: protocol }, own];
  };
  if (protocol === icmp || protocol === icmp6) return key(typeAndCode ?? 0);
  if (![tcp, udp, sctp, udplite].includes(protocol as never)) return key(0);
  if (side.port === undefined) return { unknown: l10n.t`the port is chosen at random` };
  return key(side.port);
}

interface SetIndex {
  readonly elements: KeyIndex<IpSetEntry>;
  /** Of hash:net,iface: its nets alone. */
  readonly nets: KeyIndex<IpSetEntry> | undefined;
}

const indices = new WeakMap<IpSet, SetIndex>();

/** Whether looking the set up costs no more than that. */
export function isIndexed(set: IpSet): boolean {
  return indices.has(set);
}

/** Makes the set ready to be looked up; a set of a million elements takes some hundred milliseconds. */
export function* indexSet(set: IpSet): Work<void> {
  const { entries } = set;
  const compact = entries instanceof EntryList ? entries : undefined;
  const shapes = compact && (yield* plainShapes(compact));
  const elements = yield* indexKeys(keysOf(set, compact?.odd ?? entries), shapes);
  const netIface = set.type === 'hash:net,iface';
  const nets = netIface ? yield* indexKeys(keysOf(set, entries, 1)) : undefined;
  indices.set(set, { elements, nets });
}

function* keysOf(
  set: IpSet,
  entries: Iterable<IpSetEntry>,
  dimensions = 8,
): Iterable<Indexed<IpSetEntry>> {
  for (const element of entries) {
    const key = element.parts.slice(0, dimensions).flatMap((part) => patternsOf(set, part));
    yield { key, element };
  }
}

function lookUp(set: IpSet, key: readonly Value[]): Found {
  if (!indices.has(set)) finish(indexSet(set));
  const { elements, nets } = indices.get(set)!;
  const found = elements.find(key);
  if (found === 'none') return 'out';
  if ('unknown' in found) return { unknown: `${set.name}: ${found.unknown}` };
  // hash_netiface4_data_equal counts a net of another device as found: the search ends there.
  const nearest = nets?.find(key.slice(0, 1));
  if (nearest && nearest !== 'none' && 'element' in nearest) {
    if (lengthOf(nearest.element) !== lengthOf(found.element)) return 'out';
  }
  return found.element;
}

function lengthOf({ parts: [part] }: IpSetEntry): number | undefined {
  return part?.kind === 'network' ? prefixLength(part.network) : undefined;
}

/** A port of a hash type is two parts of the key: protocol and number. */
function patternsOf(set: IpSet, part: IpSetPart): readonly Pattern[] {
  switch (part.kind) {
    case 'network':
      return [part];
    case 'port': {
      const ports: Pattern = { kind: 'numbers', from: part.from, to: part.to };
      if (set.type === 'bitmap:port') return [ports];
      const protocol = part.protocol ?? tcp;
      return [{ kind: 'numbers', from: protocol, to: protocol }, ports];
    }
    case 'mark':
      return [{ kind: 'numbers', from: part.mark, to: part.mark }];
    case 'interface':
      return [{ kind: 'text', text: part.name, wildcard: part.wildcard }];
    case 'mac':
      return [{ kind: 'text', text: part.mac, wildcard: false }];
    case 'set':
      return [{ kind: 'unknown', text: part.name }];
    case 'other':
      return [{ kind: 'unknown', text: part.text }];
  }
}
