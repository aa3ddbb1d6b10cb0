import type { Family, Network } from '../address';
import type { SourceRange } from '../source';

/** One element of an ipset, its parts in the order of the set's type. */
export interface IpSetEntry {
  readonly parts: readonly IpSetPart[];
  /** `nomatch`: an exception inside a hash:net set. */
  readonly nomatch: boolean;
  /** As written: `10.96.0.1,tcp:443`. */
  readonly text: string;
  /** Seconds left; 0 stays for ever. */
  readonly timeout?: number;
  readonly comment?: string;
  /** `skbmark 0x10/0xff`: the mark that `-j SET --map-set ... --map-mark` gives to a packet. */
  readonly skbMark?: { readonly value: number; readonly mask: number };
  readonly counters?: { readonly packets: number; readonly bytes: number };
  readonly range: SourceRange;
}

export type IpSetPart =
  | { readonly kind: 'network'; readonly network: Network }
  | {
      readonly kind: 'port';
      /** For icmp and icmpv6 the "port" is `type * 256 + code` (net/netfilter/ipset/ip_set_getport.c). */
      readonly protocol?: number;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'mark'; readonly mark: number }
  | { readonly kind: 'interface'; readonly name: string; readonly wildcard: boolean }
  | { readonly kind: 'mac'; readonly mac: string }
  /** A member of a list:set. */
  | { readonly kind: 'set'; readonly name: string }
  /** Not understood: the entry then answers unknown. */
  | { readonly kind: 'other'; readonly text: string };

/** Elements in the order of the dump; an object of each when it is asked for. */
export interface IpSetEntries extends Iterable<IpSetEntry> {
  readonly length: number;
  /** As of an array: -1 is the last one. */
  at(i: number): IpSetEntry | undefined;
}

/** One set of `ipset save` or `ipset list`. */
export interface IpSet {
  readonly name: string;
  /** `hash:ip,port`, `bitmap:port`, `list:set`, ...; `unknown` from `ipset list -n`. */
  readonly type: string;
  /** undefined for types without one (bitmap:port, list:set). */
  readonly family?: Family;
  /** The create line's options: `hashsize` -> `1024`, `netmask` -> `24`, `markmask`. */
  readonly options: ReadonlyMap<string, string>;
  readonly entries: IpSetEntries;
  /** False for `ipset list -t`, which leaves the entries out, and for a listing that was cut. */
  readonly complete: boolean;
  readonly range: SourceRange;
}
