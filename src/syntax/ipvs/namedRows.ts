import * as l10n from '@vscode/l10n';
import type { Finding } from '../../core/finding';
import type { SourceRange } from '../../core/source';

/** Rows that `ipvsadm` without -n printed with names: one finding for all of a listing. */
export interface NamedRows {
  add(range: SourceRange): void;
  findings(): readonly Finding[];
}

/**
 * @param alone what is said of one such row
 * @param command that prints addresses and numbers, as `ipvsadm -Ln`
 */
export function namedRows(alone: string, command: string): NamedRows {
  let first: SourceRange | undefined;
  let count = 0;
  return {
    add(range) {
      first ??= range;
      count++;
    },
    findings() {
      if (!first) return [];
      const message =
        count === 1
          ? alone
          : l10n.t`${count} rows from here on have names in the place of addresses or ports: which these are is not told. "${command}" (with n) prints numbers.`;
      return [{ severity: 'warning', code: 'ipvs-name', message, range: first }];
    },
  };
}
