import { portKey, type EntryList } from '../../ipset/entryList';
import type { IpSetEntry } from '../../ipset/types';
import type { Value } from '../../rules/value';
import type { Work } from '../../work';
import type { KeyShape } from './keyIndex';

/** Rows that are read between two pauses: some milliseconds. */
const rowsAtOnce = 8192;

/**
 * The plain entries of a set by their keys: one table of row numbers with open addressing (row + 1; 0 is
 * free), four to eight bytes an entry. One shape for each length of prefix.
 */
export function* plainShapes(list: EntryList): Work<readonly KeyShape<IpSetEntry>[]> {
  let size = 16;
  while (size < 2 * list.length) size *= 2;
  const table = new Uint32Array(size);
  const lengths = new Set<number>();
  let ports = false;
  for (let row = 0; row < list.length; row++) {
    if (row % rowsAtOnce === rowsAtOnce - 1) yield;
    if (!list.isPlain(row)) continue;
    const length = list.prefixLength(row);
    const port = list.portKey(row);
    lengths.add(length);
    ports ||= port !== -1;
    const place = placeOf(table, list, list.word(row), length, port);
    if (table[place] === 0) table[place] = row + 1;
  }
  return Array.from(lengths, (length) => ({
    forms: ports ? [length, '=', '='] : [length],
    find: (key) => find(table, list, length, ports, key),
  }));
}

/** Where a key's row is, or would be. */
function placeOf(
  table: Uint32Array,
  list: EntryList,
  word: number,
  length: number,
  port: number,
): number {
  const last = table.length - 1;
  let place = hash(word, port * 64 + length) & last;
  for (let held = table[place]!; held !== 0; held = table[place]!) {
    const row = held - 1;
    if (
      list.word(row) === word &&
      list.prefixLength(row) === length &&
      list.portKey(row) === port
    ) {
      break;
    }
    place = (place + 1) & last;
  }
  return place;
}

/** The end of MurmurHash3: neighbours fall far apart. */
function hash(left: number, right: number): number {
  let bits = Math.imul(left ^ Math.imul(right, 0x9e3779b1), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

function find(
  table: Uint32Array,
  list: EntryList,
  length: number,
  ports: boolean,
  key: readonly Value[],
): IpSetEntry | undefined {
  const [address, protocol, port] = key;
  if (address?.kind !== 'address' || address.address.family !== 4) return undefined;
  if (key.length !== (ports ? 3 : 1)) return undefined;
  let wanted = -1;
  if (ports) {
    if (protocol?.kind !== 'number' || port?.kind !== 'number') return undefined;
    wanted = portKey(protocol.number, port.number);
  }
  const word = address.address.words[0]!;
  const under = word - (word % 2 ** (32 - length));
  const held = table[placeOf(table, list, under, length, wanted)]!;
  return held === 0 ? undefined : list.at(held - 1);
}
