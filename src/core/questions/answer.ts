import type { Finding } from '../finding';
import type { SourceRange } from '../source';

/** The answer to one question about a node, with the rows and rules that it rests on. */
export interface NodeAnswer {
  readonly question: string;
  /** One plain English sentence or two. */
  readonly answer: string;
  readonly findings: readonly Finding[];
}

export function finding(
  severity: Finding['severity'],
  code: string,
  message: string,
  range: SourceRange | undefined,
): readonly Finding[] {
  return range ? [{ severity, code, message, range }] : [];
}
