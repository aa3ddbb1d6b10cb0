import { prefixMask } from '../address';
import type { IpSetEntries, IpSetEntry, IpSetPart } from './types';

/** An IPv4 address or network, and where the set has ports one port; nothing else. */
export interface PlainEntry {
  readonly word: number;
  /** Bits; undefined where none is written, which means 32. */
  readonly length: number | undefined;
  readonly port: number | undefined;
  /** One of `plainProtocols`; undefined where none is written, which means TCP. */
  readonly protocol: number | undefined;
  readonly line: number;
}

/** Names of protocols that a plain entry may have, by their numbers. */
export const plainProtocols: ReadonlyMap<string, number> = new Map([
  ['tcp', 6],
  ['udp', 17],
  ['sctp', 132],
]);

const names = ['', ...plainProtocols.keys()];
const numbers = [6, ...plainProtocols.values()];

/** What is packed into one number of a row: see `pack`. */
const plain = 1 << 26;
const hasPort = 1 << 25;
const hasLength = 1 << 24;

function pack({ length, port, protocol }: PlainEntry): number {
  const name = protocol === undefined ? 0 : numbers.indexOf(protocol, 1);
  return (
    plain |
    (port === undefined ? 0 : hasPort | port) |
    (name << 16) |
    (length === undefined ? 32 << 18 : hasLength | (length << 18))
  );
}

/**
 * The elements of one ipset. Of a million most are plain addresses: those take twelve bytes each and
 * become objects when they are asked for.
 */
export class EntryList implements IpSetEntries {
  length = 0;
  private words = new Uint32Array(64);
  private packed = new Uint32Array(64);
  private lines = new Uint32Array(64);
  private readonly others = new Map<number, IpSetEntry>();

  /** @param start the column in which plain entries begin */
  constructor(
    private readonly source: string,
    readonly start: number,
  ) {}

  addPlain(entry: PlainEntry): void {
    const row = this.newRow();
    this.words[row] = entry.word;
    this.packed[row] = pack(entry);
    this.lines[row] = entry.line;
  }

  add(entry: IpSetEntry): void {
    this.others.set(this.newRow(), entry);
  }

  private newRow(): number {
    if (this.length === this.words.length) {
      this.words = doubled(this.words);
      this.packed = doubled(this.packed);
      this.lines = doubled(this.lines);
    }
    return this.length++;
  }

  at(i: number): IpSetEntry | undefined {
    const row = i < 0 ? this.length + i : i;
    if (row < 0 || row >= this.length) return undefined;
    return this.others.get(row) ?? this.plainEntry(row);
  }

  *[Symbol.iterator](): Iterator<IpSetEntry> {
    for (let row = 0; row < this.length; row++) yield this.at(row)!;
  }

  /** Those that are not plain. */
  get odd(): Iterable<IpSetEntry> {
    return this.others.values();
  }

  isPlain(row: number): boolean {
    return (this.packed[row]! & plain) !== 0;
  }

  word(row: number): number {
    return this.words[row]!;
  }

  /** In bits. */
  prefixLength(row: number): number {
    return (this.packed[row]! >>> 18) & 63;
  }

  /** Protocol and port in one number, -1 without a port. */
  portKey(row: number): number {
    const bits = this.packed[row]!;
    return bits & hasPort ? portKey(numbers[(bits >>> 16) & 3]!, bits & 0xffff) : -1;
  }

  private plainEntry(row: number): IpSetEntry {
    const word = this.words[row]!;
    const bits = this.packed[row]!;
    const length = this.prefixLength(row);
    const name = names[(bits >>> 16) & 3]!;
    const port = bits & 0xffff;
    const written = bits & hasLength ? `/${length}` : '';
    const portText = bits & hasPort ? `,${name === '' ? '' : `${name}:`}${port}` : '';
    const text = `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}${written}${portText}`;
    const network = { address: { family: 4, words: [word] }, mask: prefixMask(4, length) } as const;
    const parts: IpSetPart[] = [{ kind: 'network', network }];
    if (bits & hasPort) {
      const protocol = plainProtocols.get(name);
      parts.push({
        kind: 'port',
        ...(protocol === undefined ? {} : { protocol }),
        from: port,
        to: port,
      });
    }
    const { start, source } = this;
    const range = { source, line: this.lines[row]!, start, end: start + text.length };
    return { parts, text, range, nomatch: false };
  }
}

/** Of a protocol's and a port's numbers: one number for both. */
export function portKey(protocol: number, port: number): number {
  return protocol * 0x10000 + port;
}

function doubled(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(numbers.length * 2);
  more.set(numbers);
  return more;
}
