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

  /** What a match or target left unread of its options; true when there was such a thing. */
  report(group: OptionGroup): boolean {
    for (const { option, message } of group.problems) {
      this.error('unreadable-value', message, option);
    }
    for (const option of group.untaken) {
      const message = l10n.t`${option.name} is not understood as an option of ${group.name}.`;
      this.error('unknown-option', message, option);
    }
    return group.problems.length + group.untaken.length > 0;
  }
}
