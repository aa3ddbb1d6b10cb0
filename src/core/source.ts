/**
 * A place in a dump. Lines and columns count from 0; columns are UTF-16 code units, `end` is
 * exclusive. A range never spans lines: every dump format here is line based.
 */
export interface SourceRange {
  /** Which text: a file path or URI, as the caller named it. */
  readonly source: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}
