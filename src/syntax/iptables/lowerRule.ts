import type { Family } from '../../core/address';
import type { Match } from '../../core/rules/match';
import type { Counters } from '../../core/rules/counters';
import { iptablesRule } from '../../core/rules/rule';
import type { Rule } from '../../core/rules/ruleset';
import { groupOptions, type GroupedOptions } from './groupOptions';
import { lowerCore } from './lowerCore';
import { lowerTarget, unmodelledTarget } from './lowerTarget';
import { matchModules } from './matches';
import type { OptionGroup } from './optionGroup';
import { RuleFindings } from './ruleFindings';
import type { RuleLine } from './ruleLine';
import { isUnprinted, ownErrors } from './unprinted';

/** Where a rule stands, and what is known of its table. */
export interface RuleOrigin {
  readonly source: string;
  /** From 0. */
  readonly line: number;
  readonly family: Family;
  /** From 1: its place in the chain. */
  readonly number: number;
  /** Whether the table has a chain of that name: a jump then goes there, even to a chain `LOG`. */
  isChain(this: void, name: string): boolean;
}

/**
 * What one `-A` line means. Whatever of it is not understood becomes an unmodelled match or
 * target, with a finding that says where: nothing is left out in silence.
 */
export function lowerRule(line: RuleLine, context: RuleOrigin): Rule {
  const { source, line: lineNumber, family, number, isChain } = context;
  const findings = new RuleFindings(source, lineNumber);
  for (const error of ownErrors(line)) findings.error(error.code, error.message, error);
  const { core, counters, matches, target } = groupOptions(line, findings);
  return iptablesRule({
    number,
    range: findings.range({ start: 0, end: line.text.length }),
    matches: [
      ...lowerCore(core, findings),
      ...matches.map((group) =>
        isUnprinted(line, group) ? unmodelled(group) : lowerMatch(group, family, findings),
      ),
    ],
    target:
      target &&
      (isUnprinted(line, target.group)
        ? unmodelledTarget(target.group)
        : lowerTarget(target, family, isChain, findings)),
    counters: readCounters(line, counters),
    findings: findings.list,
  });
}

function lowerMatch(group: OptionGroup, family: Family, findings: RuleFindings): Match {
  const module = matchModules.get(group.name);
  const match = module?.lower(group, family);
  const failed = module && findings.reportOf('match', match, group);
  return match && !failed ? match : unmodelled(group);
}

function unmodelled({ name, text, range }: OptionGroup): Match {
  return { kind: 'unmodelled', name, text, range };
}

/** `[5:300]` before the rule, or `-c 5 300` in it. */
function readCounters(
  { counters }: RuleLine,
  option: GroupedOptions['counters'],
): Counters | undefined {
  const [packets, bytes] = counters
    ? counters.text.slice(1, -1).split(':')
    : (option?.values.map(({ text }) => text) ?? []);
  if (packets === undefined || bytes === undefined) return undefined;
  return { packets: Number(packets), bytes: Number(bytes) };
}
