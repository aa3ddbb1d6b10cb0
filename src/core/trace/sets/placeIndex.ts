import type { PlainKey } from '../../rules/plainKey';
import type { Work } from '../../work';

/** Keys that are put into the table between two pauses: some milliseconds. */
const keysAtOnce = 65_536;

/**
 * Where keys stand, by their hashes: about twenty bytes a key, of which the key itself is none. Whoever
 * asks reads what stands at a place and compares.
 */
export class PlaceIndex {
  private hashes = new Uint32Array(64);
  private places = new Int32Array(64);
  private count = 0;
  /** Numbers of keys, from 1, by their hashes, with open addressing; 0 is free. */
  private table = new Uint32Array(0);

  add(key: PlainKey, place: number): void {
    if (this.count === this.places.length) this.grow(2 * this.count);
    this.hashes[this.count] = hashOf(key);
    this.places[this.count] = place;
    this.count++;
  }

  /** After the last key. */
  *close(): Work<void> {
    let size = 16;
    while (size < 2 * this.count) size *= 2;
    this.grow(this.count);
    this.table = new Uint32Array(size);
    for (let i = 0; i < this.count; i++) {
      if (i % keysAtOnce === keysAtOnce - 1) yield;
      let slot = this.hashes[i]! & (size - 1);
      while (this.table[slot] !== 0) slot = (slot + 1) & (size - 1);
      this.table[slot] = i + 1;
    }
  }

  /** The places at which a key may stand, in the order in which they were added. */
  *at(key: PlainKey): Generator<number, void> {
    const hash = hashOf(key);
    const last = this.table.length - 1;
    for (let slot = hash & last; this.table[slot]! > 0; slot = (slot + 1) & last) {
      const i = this.table[slot]! - 1;
      if (this.hashes[i] === hash) yield this.places[i]!;
    }
  }

  private grow(size: number): void {
    const [hashes, places] = [new Uint32Array(size), new Int32Array(size)];
    hashes.set(this.hashes.subarray(0, this.count));
    places.set(this.places.subarray(0, this.count));
    [this.hashes, this.places] = [hashes, places];
  }
}

/** FNV-1a over the key's characters, then the end of MurmurHash3: neighbours fall far apart. */
function hashOf(key: PlainKey): number {
  const text = String(key);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
