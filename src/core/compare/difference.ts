import type { Severity } from '../finding';
import type { SourceRange } from '../source';
import type { Fare } from './fares';

/** One thing in which two nodes differ, by what it means for packets. */
export interface Difference {
  readonly severity: Severity;
  /** One plain English sentence that names both nodes: what it means for packets. */
  readonly message: string;
  /** What else is known of it, in sentences. */
  readonly detail?: string;
  /** Where it shows on the one and on the other; undefined where that node has nothing. */
  readonly left?: SourceRange;
  readonly right?: SourceRange;
}

/** What two nodes' dumps say side by side. */
export interface Comparison {
  /** The worst first. */
  readonly differences: readonly Difference[];
  /** Who fares differently, by the tracer; empty where nobody is known to. */
  readonly fares: readonly Fare[];
  /** What only one of the two shows, and so is not compared: one plain English sentence each. */
  readonly notCompared: readonly string[];
}
