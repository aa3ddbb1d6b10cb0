import * as l10n from '@vscode/l10n';
import type { Finding } from '../../../core/finding';
import type { Gap } from '../../../core/rules/ruleset';
import { fileName, type SourceRange } from '../../../core/source';
import type { ProgramComment } from './programComments';

/** Lines in which a rule may stand that the reader could not take. */
const leftOut: ReadonlySet<string> = new Set(['unknown-line', 'command-left-out']);

/** What a table's dump does not show of it, by what was found in it. */
export function gapsOfTable(table: string, findings: readonly Finding[]): readonly Gap[] {
  const gaps: Gap[] = [];
  const lines = findings.filter(({ code }) => leftOut.has(code)).map(({ range }) => range);
  if (lines[0]) gaps.push({ text: unreadText(lines, table), range: lines[0] });
  for (const { code, range } of findings) {
    if (code === 'commit-missing') {
      const text = l10n.t`the end of the ${table} table, which is cut off, changes nothing`;
      gaps.push({ text, range, cut: true });
    } else if (code === 'table-line-missing') {
      const text = l10n.t`the beginning of the ${table} table, which is cut off, changes nothing`;
      gaps.push({ text, range, cut: true });
    }
  }
  return gaps;
}

/** What iptables itself says that it does not print. */
export function gapsOfText(comments: readonly ProgramComment[]): readonly Gap[] {
  return comments.flatMap((comment): Gap[] => {
    const { range } = comment;
    if (comment.kind === 'incompatible') {
      const text = l10n.t`what iptables could not print of the ${comment.table} table changes nothing`;
      return [{ text, range, unprinted: comment.table }];
    }
    if (comment.legacy === undefined) return [];
    const text = l10n.t`the tables of ${comment.legacy}, which are missing, let it pass`;
    return [{ text, range, legacy: true }];
  });
}

/** `line 5 (iptables-save.txt) of nat, which could not be read, changes nothing`. */
function unreadText([first, ...others]: readonly SourceRange[], table: string): string {
  const name = fileName(first!.source);
  const line = first!.line + 1;
  return others.length === 0
    ? l10n.t`line ${line} (${name}) of ${table}, which could not be read, changes nothing`
    : l10n.t`line ${line} and ${others.length} more (${name}) of ${table}, which could not be read, change nothing`;
}
