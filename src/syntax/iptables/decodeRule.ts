import type { Finding } from '../../core/finding';
import type { Rule } from '../../core/rules/ruleset';
import type { IndexedText } from '../rulesetFindings';
import type { LineParser } from '../treeSitter';
import { lowerRule, type RuleContext } from './lowerRule';
import { readRuleLine } from './readRuleLine';

/** Reads one rule of the text, of whichever form: about 50 µs. */
export function decodeRule(
  text: IndexedText,
  parser: LineParser,
  context: Omit<RuleContext, 'source'>,
): Rule {
  const { line } = context;
  const written = text.lines.line(line);
  const unread = [{ start: 0, end: written.length }];
  const read = readRuleLine(written, parser.parse(written));
  const rule = lowerRule(read ?? { text: written, options: [], unread }, {
    source: text.source,
    ...context,
  });
  if (!isCutOff(text, line)) return rule;
  return { ...rule, findings: [...rule.findings, cutOff(rule)] };
}

/** Whether the text ends in the middle of a table with this line, without a line break. */
function isCutOff({ lines, structure }: IndexedText, line: number): boolean {
  if (line < lines.count - 1) return false;
  const section = structure.sectionAt(line);
  return section?.form === 'save' && section.commitLine === undefined;
}

function cutOff({ range }: Rule): Finding {
  const message = 'The text ends with this line, so the end of the rule may be missing.';
  return { severity: 'error', code: 'line-cut-off', message, range };
}
