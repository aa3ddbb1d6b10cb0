import type { SourceRange } from '../source';
import type { Match } from './match';

/** `quota over 100 mbytes used 5 bytes`. */
export interface QuotaMatch {
  readonly range: SourceRange;
  readonly kind: 'quota';
  readonly bytes: number;
  readonly over: boolean;
  readonly used: number;
}

/** `limit name "x"`, `quota name "x"`: one bucket, or one count, for all rules that name it. */
export interface NamedMatch {
  readonly range: SourceRange;
  readonly kind: 'named';
  readonly object: 'limit' | 'quota';
  readonly name: string;
}

/** What is asked for each element of a set: never of the packet, so no expression is in it. */
export type ElementCondition = Match | QuotaMatch | NamedMatch;
