import type { SourceRange } from '../source';
import type { PlainKey } from './plainKey';
import type { ElementCondition } from './statefulMatch';
import type { Counters } from './counters';
import type { Pattern, Value } from './value';
import type { Verdict } from './verdict';

/** A type of nft in a key: `ipv4_addr`, `inet_proto`, `inet_service`, `ifname`, `mark`, `verdict`. */
export interface KeyPart {
  /** The type's name, or of `typeof` the expression as written: `ip saddr`. */
  readonly name: string;
}

/** What a map gives for a key: a verdict, or one value for each part of its data. */
export type ElementData =
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'values'; readonly values: readonly Value[] }
  /** `1.2.3.4-1.2.3.9 . 80-90`: data of a map with the flag interval, for nat. */
  | { readonly kind: 'patterns'; readonly patterns: readonly Pattern[] }
  | { readonly kind: 'unknown'; readonly text: string };

/** One element: `10.96.0.1 . tcp . 443 comment "x" : goto service-...`. */
export interface SetElement {
  /** One pattern for each part of the key; undefined is `*`, which catches what no other does. */
  readonly key: readonly Pattern[] | undefined;
  /** Of maps. */
  readonly data?: ElementData;
  /** Seconds. */
  readonly timeout?: number;
  /** Seconds left. */
  readonly expires?: number;
  readonly comment?: string;
  readonly counters?: Counters;
  /**
   * `limit rate over 5/minute`, `quota over 100 bytes used 5 bytes`: asked whenever the element is
   * found, and where it does not hold the rule fails (nft_set_elem_update_expr).
   */
  readonly conditions?: readonly ElementCondition[];
  /** The same as written. */
  readonly condition?: string;
  readonly range: SourceRange;
}

/** Elements in the order of the listing; read when asked, so that a big set costs nothing before. */
export interface Elements extends Iterable<SetElement> {
  readonly length: number;
  /** Keys without their elements, where many of them are single values; undefined: read all. */
  readonly plain?: PlainElements;
}

/** Elements whose keys are single values, found by their keys and read one by one. */
export interface PlainElements {
  /** Of each part of a key the length of its address in bits, or undefined for a number. */
  readonly lengths: readonly (32 | 128 | undefined)[];
  /** Line by line the keys, and the place of their elements; or elements that are none of these. */
  parts(): Iterable<
    | { readonly keys: readonly PlainKey[]; readonly place: number }
    | { readonly elements: readonly SetElement[] }
  >;
  /** The elements of a place. */
  at(place: number): readonly SetElement[];
}

/** A named set or map of a table. Not to be confused with the node's ipsets (node.ts, IpSet). */
export interface TableSet {
  readonly kind: 'set' | 'map';
  readonly name: string;
  readonly key: readonly KeyPart[];
  /** Of maps: `verdict`, `mark`, `ipv4_addr . inet_service`. */
  readonly data?: readonly KeyPart[];
  /** `interval`, `constant`, `dynamic`, `timeout`. */
  readonly flags: readonly string[];
  /** Seconds. */
  readonly timeout?: number;
  readonly size?: number;
  readonly comment?: string;
  readonly elements: Elements;
  /** False where the listing leaves elements out (`nft -t`) or was cut. */
  readonly complete: boolean;
  readonly handle?: number;
  /** The line `set NAME {`. */
  readonly declared: SourceRange;
}

/** `@name`, or `{ ... }` written in the rule. */
export type SetReference =
  | { readonly kind: 'named'; readonly name: string; readonly range: SourceRange }
  | { readonly kind: 'anonymous'; readonly elements: Elements; readonly range: SourceRange };
