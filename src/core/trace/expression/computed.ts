import { l10n } from '../../l10n';
import type { Interval } from '../../rules/optionValue';
import type { Value } from '../../rules/value';
import type { State } from '../state';
import type { Choice } from './choice';

/** A value, or one for each part of a concatenation. */
export interface Known {
  readonly kind: 'values';
  readonly values: readonly Value[];
}

/** The packet has no such thing, or a map no such key: the rule fails (NFT_BREAK). */
export interface Fails {
  readonly kind: 'fails';
}

/** Not known. */
export interface Unsure {
  readonly kind: 'unsure';
  /** What is not known: `the device it came in by`. */
  readonly what: string;
  /** Why, where it is not just state that no dump holds. */
  readonly unknown?: string;
  /** It is the same for every packet: `the route to 10.0.0.1`. */
  readonly lasting?: true;
  /** Of a concatenation the parts that are known; undefined those that are not. */
  readonly parts?: readonly (Value | undefined)[];
}

/** A number that is chosen evenly among some. */
export interface Chance {
  readonly kind: 'chance';
  /** `numgen random mod 3`. */
  readonly what: string;
  readonly among: readonly Interval[];
  /** False: not chance but state decides, so that no probability is known (`numgen inc`). */
  readonly even: boolean;
  /** The whole value where the number is `number`. */
  of(this: void, number: number): Known | Fails;
  /** What a branch then knows, in which it is one of those. */
  readonly settle?: (state: State, among: readonly Interval[]) => void;
}

/** What an expression of nft is for the packet where it stands. */
export type Computed = Known | Fails | Unsure | Chance | Choice;

export const fails: Fails = { kind: 'fails' };

export function number(value: number): Known {
  return { kind: 'values', values: [{ kind: 'number', number: value }] };
}

export function text(value: string): Known {
  return { kind: 'values', values: [{ kind: 'text', text: value }] };
}

export function unsure(what: string, unknown?: string): Unsure {
  return { kind: 'unsure', what, unknown };
}

export function count(among: readonly Interval[]): number {
  return among.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** More values than that are compared as an interval, or not at all: each look-up takes about a microsecond. */
const triedValues = 65536;

/** Why the values of a number left to chance are not tried one by one; undefined where they may be. */
export function tooManyToTry({ among, what }: Chance): string | undefined {
  return count(among) > triedValues ? l10n.t`${what} has too many values to try` : undefined;
}
