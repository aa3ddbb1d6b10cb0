import type { Finding } from '../../../core/finding';
import type { Gap } from '../../../core/rules/ruleset';
import { fileName, type SourceRange } from '../../../core/source';

/** Lines in which a rule may stand that the reader could not take. */
const leftOut: ReadonlySet<string> = new Set(['unknown-line', 'command-left-out']);

/** What a table's dump does not show of it, by what was found in it. */
export function gapsOfTable(table: string, findings: readonly Finding[]): readonly Gap[] {
  const gaps: Gap[] = [];
  const lines = findings.filter(({ code }) => leftOut.has(code)).map(({ range }) => range);
  if (lines[0])
    gaps.push({ text: `${linesText(lines)} of ${table} changes nothing`, range: lines[0] });
  for (const { code, range } of findings) {
    if (code !== 'commit-missing' && code !== 'table-line-missing') continue;
    const part = code === 'commit-missing' ? 'end' : 'beginning';
    gaps.push({
      text: `the ${part} of the ${table} table, which is cut off, changes nothing`,
      range,
    });
  }
  return gaps;
}

/** What iptables itself says that it does not print. */
export function gapsOfText(findings: readonly Finding[]): readonly Gap[] {
  return findings.flatMap(({ code, message, range }): Gap[] => {
    const legacy = /^(ip6?tables-legacy) tables present/.exec(message)?.[1];
    if (code === 'program-warning' && legacy !== undefined) {
      const text = `the tables of ${legacy}, which no dump shows, let it pass`;
      return [{ text, range, legacy: true }];
    }
    const table = /^Table (\S+) holds more/.exec(message)?.[1];
    if (code === 'table-incompatible' && table !== undefined) {
      const text = `what iptables could not print of the ${table} table changes nothing`;
      return [{ text, range, unprinted: table }];
    }
    return [];
  });
}

/** `line 5 (iptables-save.txt), which could not be read,`. */
function linesText([first, ...others]: readonly SourceRange[]): string {
  const name = fileName(first!.source);
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `line ${first!.line + 1}${more} (${name}), which could not be read,`;
}
