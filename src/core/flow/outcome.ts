/**
 * What becomes of packets, as the one who sends them sees it. `delivered`: to an endpoint; `passed`:
 * delivered or sent on without having met one. `refused`, `unreachable`, `silence`: as `ClientView`
 * has it. `stolen`: a program has it.
 */
export type OutcomeKind =
  'delivered' | 'passed' | 'refused' | 'unreachable' | 'silence' | 'stolen' | 'unknown';

/** The rule that did it, or the virtual server. */
export type DecidedBy =
  | { readonly kind: 'rule'; readonly table: string; readonly chain: string; readonly rule: number }
  | { readonly kind: 'ipvs'; readonly text: string };

/** What becomes of some or all of an entry's packets. */
export interface Outcome {
  readonly kind: OutcomeKind;
  /** Of the entry's packets, 0 to 1; undefined where state decides. */
  readonly share?: number;
  /** Of `delivered`: to how many endpoints, */
  readonly endpoints?: number;
  /** and each one's share, where it is the same for all. */
  readonly each?: number;
  readonly by?: DecidedBy;
  /** Why it is so: of what is unknown, lost or stolen. */
  readonly reason?: string;
  /** What it takes for granted of rules that no dump shows: `the filter table, which no dump shows, lets it pass`. */
  readonly condition?: string;
}

/** Failures first: who looks at a graph looks for them. */
export const worstFirst: readonly OutcomeKind[] = [
  'silence',
  'unreachable',
  'refused',
  'unknown',
  'stolen',
  'passed',
  'delivered',
];
