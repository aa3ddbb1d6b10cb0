import * as l10n from '@vscode/l10n';
import type { Finding } from '../../core/finding';
import type { Rule } from '../../core/rules/ruleset';
import type { IndexedText } from './ruleset/indexedText';
import type { LineParser } from '../treeSitter';
import { lowerListing } from './listing/lowerListing';
import { readListingRow } from './listing/listingRow';
import { lowerRule, type RuleOrigin } from './lowerRule';
import { readRuleLine } from './readRuleLine';
import type { RuleLine } from './ruleLine';

/** Reads one rule of the text, of whichever form: about 50 µs. */
export function decodeRule(
  text: IndexedText,
  parser: LineParser,
  context: Omit<RuleOrigin, 'source'>,
): Rule {
  const { line } = context;
  const written = text.lines.line(line);
  const rule = decodeLine(written, parser, { source: text.source, ...context });
  if (!isCutOff(text, line)) return rule;
  return { ...rule, findings: [...rule.findings, cutOff(rule)] };
}

/** Far above what iptables prints; the parser takes too long on a line without end. */
const longestRule = 10_000;

function decodeLine(text: string, parser: LineParser, context: RuleOrigin): Rule {
  if (text.length > longestRule) return lowerRule(notARule(text), context);
  const syntax = parser.parse(text);
  const row = readListingRow(text, syntax);
  if (row) return lowerListing(row, context);
  return lowerRule(readRuleLine(text, syntax) ?? notARule(text), context);
}

/** All of it is an error: without its matches it must not pass for a rule that takes everything. */
function notARule(text: string): RuleLine {
  const message = l10n.t`This is no rule that iptables understands.`;
  return {
    ...{ text, options: [] },
    errors: [{ code: 'syntax-error', message, start: 0, end: text.length }],
  };
}

/** Whether the text ends in the middle of a table with this line, without a line break. */
function isCutOff({ lines, structure }: IndexedText, line: number): boolean {
  if (line < lines.count - 1) return false;
  const section = structure.sectionAt(line);
  return section?.form === 'save' && section.commitLine === undefined;
}

function cutOff({ range }: Rule): Finding {
  const message = l10n.t`The text ends with this line, so the end of the rule may be missing.`;
  return { severity: 'error', code: 'line-cut-off', message, range };
}
