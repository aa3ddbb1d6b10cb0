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

/** The finding with each of its places put where `place` says. */
export function movedFinding<T extends Finding>(
  finding: T,
  place: (range: SourceRange) => SourceRange,
): T {
  const { range, related } = finding;
  return {
    ...finding,
    range: place(range),
    ...(related && { related: related.map((one) => ({ ...one, range: place(one.range) })) }),
  };
}

/** Errors and warnings: what a count beside a name tells of. */
export function faultsOf(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity }) => severity !== 'information');
}

const ranks: Readonly<Record<Severity, number>> = { error: 0, warning: 1, information: 2 };

/** For `sort`: the worst first. */
export function bySeverity(
  left: Pick<Finding, 'severity'>,
  right: Pick<Finding, 'severity'>,
): number {
  return ranks[left.severity] - ranks[right.severity];
}
