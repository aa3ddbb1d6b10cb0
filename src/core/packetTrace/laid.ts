import type { Chain, Rule, Table } from '../rules/ruleset';
import type { PlaceLine, PrintedHead } from './line';
import type { TracedPacket } from './group';

/** How well a line's rule is known. */
export type Certainty =
  /** By its number, handle or text, and nothing speaks against it. */
  | 'sure'
  /** By its text in part: a comment and a target. */
  | 'likely'
  /** Several rules of the chain are alike. */
  | 'ambiguous'
  | 'unknown';

/** A rule that the kernel went past, and why by the dump. */
export interface PassedRule {
  readonly rule: Rule;
  readonly reason: string;
}

/** A line of the trace, laid on the rules of a dump. */
export interface LaidStep {
  readonly line: PlaceLine;
  /** The packet there: as this line prints it, else the last one before that does (a monitor's `packet:`). */
  readonly head?: PrintedHead;
  readonly table?: Table;
  readonly chain?: Chain;
  /** Undefined at the end of a chain, and where the rule is not found. */
  readonly rule?: Rule;
  readonly certainty: Certainty;
  /** How the rule was found, or why it was not. */
  readonly why: string;
  /** The rules before it that did not match, as far as the packet's address leaves them in question. */
  readonly passed: readonly PassedRule[];
  /** How many more there are, for other destinations. */
  readonly passedOthers: number;
  /** Where the kernel and the dump do not agree, in words with the likely cause. */
  readonly differs?: string;
}

export interface LaidPacket {
  readonly packet: TracedPacket;
  readonly steps: readonly LaidStep[];
  /** What else the lines show: a source that is not masqueraded yet, a NAT that took place. */
  readonly notes: readonly string[];
}
