import type { SourceRange } from '../source';
import type { Interval, Negatable } from './optionValue';

interface ExtensionMatchBase {
  readonly range: SourceRange;
  /** The options as written. */
  readonly text: string;
}

/** The names of `--header`, as ip6tables-extensions(8) has them. */
export type HeaderName = 'hop' | 'dst' | 'route' | 'frag' | 'auth' | 'esp' | 'none' | 'proto';

/** `-m ipv6header`: exactly these headers, or with `--soft` at least these. */
export interface HeadersMatch extends ExtensionMatchBase {
  readonly kind: 'ipv6header';
  readonly headers: readonly HeaderName[];
  readonly soft: boolean;
  readonly negated: boolean;
}

/** `-m frag`. */
export interface FragmentHeaderMatch extends ExtensionMatchBase {
  readonly kind: 'frag';
  readonly id?: Negatable<Interval>;
  readonly first: boolean;
  readonly more: boolean;
  readonly last: boolean;
  /** `--fragres`: the reserved bits are 0. */
  readonly reserved: boolean;
}

/** `-m rt`; `--rt-0-addrs` is not modelled. */
export interface RoutingHeaderMatch extends ExtensionMatchBase {
  readonly kind: 'rt';
  readonly type?: Negatable<number>;
  readonly segmentsLeft?: Negatable<Interval>;
  /** Bytes. */
  readonly length?: Negatable<number>;
  readonly addresses: boolean;
}

/** `-m hbh`, `-m dst`. */
export interface OptionsHeaderMatch extends ExtensionMatchBase {
  readonly kind: 'hbh' | 'dst';
  /** Bytes. */
  readonly length?: Negatable<number>;
  /** The first options of the header, in order. */
  readonly options: readonly { readonly type: number; readonly length?: number }[];
}

/** `-m ah`, `-m esp`. */
export interface SecurityHeaderMatch extends ExtensionMatchBase {
  readonly kind: 'ah' | 'esp';
  readonly spi?: Negatable<Interval>;
  /** Bytes; of ah. */
  readonly length?: Negatable<number>;
}

/** `-m mh`. */
export interface MobilityMatch extends ExtensionMatchBase {
  readonly kind: 'mh';
  readonly type?: Negatable<Interval>;
}

/** `-m eui64`: the source's last 64 bits are made of the frame's MAC address. */
export interface Eui64Match extends ExtensionMatchBase {
  readonly kind: 'eui64';
}

export type ExtensionMatch =
  | HeadersMatch
  | FragmentHeaderMatch
  | RoutingHeaderMatch
  | OptionsHeaderMatch
  | SecurityHeaderMatch
  | MobilityMatch
  | Eui64Match;
