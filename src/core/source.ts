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

/** Whether two ranges are on one line of one text: rules are a line each. */
export function isSameLine(left: SourceRange, right: SourceRange): boolean {
  return left.line === right.line && left.source === right.source;
}

/** The same for two ranges on one line of one text, as the key of a map or a set. */
export function lineKey({ line, source }: SourceRange): string {
  return `${line} ${source}`;
}

/** The last part of a source's path, as a user knows it: `iptables-save.txt`, of a text without a file `Untitled-1`. */
export function fileName(source: string): string {
  const path = source.split(/[?#]/)[0]!.replace(/^untitled:/, '');
  return path.slice(path.lastIndexOf('/') + 1);
}
