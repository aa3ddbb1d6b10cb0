import * as l10n from '@vscode/l10n';
import type { Gap, Ruleset } from '../../core/rules/ruleset';
import { fileName } from '../../core/source';
import type { ClassifiedFile } from './dumpFile';

/** What left lines out of one of the outputs in a file: `iptables -S | grep -v cali`. */
export function filterOf(path: string, files: readonly ClassifiedFile[]): string | undefined {
  return files.find((file) => file.path === path && file.origin?.filter !== undefined)?.origin
    ?.filter;
}

/** The rules of an output that went through a filter: of none of its tables is it known what else it holds. */
export function filteredRules(ruleset: Ruleset, filter: string): Ruleset {
  const text = l10n.t`what \`${filter}\` left out of ${fileName(ruleset.source)} changes nothing`;
  const gap: Gap = { text, range: { source: ruleset.source, line: 0, start: 0, end: 0 } };
  // That the filter left lines out says all of their beginnings and ends.
  const tables = [...ruleset.tables].map(([name, table]) => {
    const gaps = table.gaps?.filter(({ cut }) => !cut);
    return [name, { ...table, complete: false, ...(gaps && { gaps }) }] as const;
  });
  return {
    ...ruleset,
    tables: new Map(tables),
    whole: false,
    gaps: [...(ruleset.gaps ?? []), gap],
  };
}
