import * as l10n from '@vscode/l10n';
import type { Finding } from '../../core/finding';

/** Of one code in one file. */
const mostOfOne = 200;

/**
 * The findings of one file, up to so many of each code and then their number: a file that is something else
 * than its name says has one in every line.
 */
export function mostFindings(findings: readonly Finding[]): readonly Finding[] {
  const kept: Finding[] = [];
  const counts = new Map<string, number>();
  const firstLeftOut = new Map<string, Finding>();
  for (const finding of findings) {
    const { code } = finding;
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    if (count <= mostOfOne) kept.push(finding);
    else if (count === mostOfOne + 1) firstLeftOut.set(code, finding);
  }
  for (const [code, { range, severity }] of firstLeftOut) {
    const more = counts.get(code)! - mostOfOne;
    const message = l10n.t`${more} more of the same from here on in this file.`;
    kept.push({ severity, code, message, range });
  }
  return kept;
}
