import type { SourceRange } from './source';

export type Severity = 'error' | 'warning' | 'information';

/** A place that has to do with a finding, and why. */
export interface RelatedPlace {
  /** One plain English clause: `the rule that does it on node-b`. */
  readonly message: string;
  readonly range: SourceRange;
}

/** A problem in a dump, as data: nothing in core or syntax throws on bad input. */
export interface Finding {
  readonly severity: Severity;
  /** A stable name for tests and filters, in kebab case: `unknown-line`, `chain-not-declared`. */
  readonly code: string;
  /** One plain English sentence. */
  readonly message: string;
  readonly range: SourceRange;
  readonly related?: readonly RelatedPlace[];
  /** `default/web`: the one Service that it is about, where its place does not tell that. */
  readonly service?: string;
}
