import type { LineError } from './lineErrors';

/** A value of an option; strings are without their quotes and escapes. Columns as in SourceRange. */
export interface Value {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** `! --dport 22`: an option with its values, as the grammar finds it. */
export interface Option {
  /** As written: `-p` or `--protocol`. */
  readonly name: string;
  readonly negated: boolean;
  readonly values: readonly Value[];
  /** From the `!`, where there is one, to the last value. */
  readonly start: number;
  readonly end: number;
}

/** One `-A` line, taken apart but not yet understood. */
export interface RuleLine {
  readonly text: string;
  /** `[5:300]` */
  readonly counters?: Value;
  readonly options: readonly Option[];
  /** What the grammar could not read. */
  readonly errors: readonly LineError[];
}
