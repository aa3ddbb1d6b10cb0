import type { Match } from '../../../core/rules/match';
import type { Words } from './words';

type WithoutRange<T> = T extends unknown ? Omit<T, 'range'> : never;

/** A match as `print` of its iptables extension shows it, before it has a place. */
export type PrintedMatch = WithoutRange<Match>;

/** Reads a match whose first word (after a `!`) is read already; undefined for what it can't read. */
export type MatchReader = (
  words: Words,
  negated: boolean,
  first: string,
) => PrintedMatch | undefined;
