import type { SourceRange } from './source';

/** A problem in a dump, as data: nothing in core or syntax throws on bad input. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'information';
  /** A stable name for tests and filters, in kebab case: `unknown-line`, `chain-not-declared`. */
  readonly code: string;
  /** One plain English sentence. */
  readonly message: string;
  readonly range: SourceRange;
}
