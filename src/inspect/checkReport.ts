import { isAbsolute, relative } from 'node:path';
import type { Finding } from '../core/finding';
import type { NodeFinding, NodeReport } from './checkNode';

/** What `check` prints of one path. */
export interface Report {
  readonly lines: readonly string[];
  readonly findings: readonly NodeFinding[];
  /** Whether the file has an error. */
  readonly failed: boolean;
  /** Whether it could not be read as a dump. */
  readonly problem?: boolean;
}

/** What `check` prints of one node. */
export function nodeReport(report: NodeReport): Report {
  const { findings } = report;
  const failed = findings.some(({ severity }) => severity === 'error');
  return { lines: nodeText(report), findings, failed };
}

/** What is missing stands below, as under a trace: that nothing was found there tells nothing. */
export function nodeText({ folder, findings, missing, unread }: NodeReport): readonly string[] {
  const counts = `${folder}: ${countsOf(findings)}`;
  return [
    missing.length > 0 ? `${counts}, in what the dumps show` : counts,
    ...findings.map(formatFinding),
    ...missingText({ missing, unread }),
  ];
}

const mostNamed = 10;

/** `missing: No dump of the ipsets ...`, `not read: notes.txt: ...`: what was sent and counts for nothing. */
export function missingText({
  missing,
  unread,
}: Pick<NodeReport, 'missing' | 'unread'>): readonly string[] {
  const lines = missing.map((reason) => `missing: ${reason}`);
  if (unread.length === 0) return lines;
  const more = unread.length > mostNamed ? ` and ${unread.length - mostNamed} more` : '';
  const files = `${unread.slice(0, mostNamed).join(', ')}${more}`;
  return [...lines, `not read: ${files}: no dump of a known kind is in it`];
}

/** `2 errors, 1 warning, 0 notes`. */
function countsOf(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity'], thing: string) => {
    const { length } = findings.filter((one) => one.severity === severity);
    return `${length} ${thing}${length === 1 ? '' : 's'}`;
  };
  return [count('error', 'error'), count('warning', 'warning'), count('information', 'note')].join(
    ', ',
  );
}

/** `FILE:LINE:COLUMN: error: MESSAGE [CODE]`, as compilers print it. */
export function formatFinding({ severity, code, message, range }: Finding): string {
  const place = `${nearPath(range.source)}:${range.line + 1}:${range.start + 1}`;
  return `${place}: ${severity}: ${message} [${code}]`;
}

/** As the dumps beside it are named: from the working directory, where it is below that. */
function nearPath(path: string): string {
  const near = isAbsolute(path) ? relative(process.cwd(), path) : path;
  return near.startsWith('..') || isAbsolute(near) ? path : near;
}
