import * as l10n from '@vscode/l10n';
import type { Finding } from '../../core/finding';
import type { SourceRange } from '../../core/source';
import type { OptionGroup } from './optionGroup';

/** Gathers what of one rule could not be read. */
export class RuleFindings {
  readonly list: Finding[] = [];

  constructor(
    private readonly source: string,
    private readonly line: number,
  ) {}

  range({ start, end }: { readonly start: number; readonly end: number }): SourceRange {
    return { source: this.source, line: this.line, start, end };
  }

  error(code: string, message: string, at: { readonly start: number; readonly end: number }): void {
    this.list.push({ severity: 'error', code, message, range: this.range(at) });
  }

  /** What of a match's or target's options could not be read; true when there was such a thing. */
  report(group: OptionGroup): boolean {
    for (const { option, message } of group.problems) {
      this.error('unreadable-value', message, option);
    }
    // Who gave up at one of them left the others aside: they may be good.
    if (group.problems.length > 0) return true;
    for (const option of group.untaken) {
      const message = l10n.t`${option.name} is not understood as an option of ${group.name}.`;
      this.error('unknown-option', message, option);
    }
    return group.untaken.length > 0;
  }

  /** The same of what should have been made of them, with what it lacks where nothing is wrong with them. */
  reportOf(kind: 'match' | 'target', lowered: unknown, group: OptionGroup): boolean {
    if (lowered !== undefined || group.problems.length > 0) return this.report(group);
    const message =
      kind === 'match'
        ? l10n.t`-m ${group.name} lacks an option.`
        : l10n.t`-j ${group.name} lacks an option.`;
    this.error(`incomplete-${kind}`, message, group.range);
    return true;
  }
}
