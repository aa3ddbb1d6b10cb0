import type { Family } from '../../core/address';
import type { Target } from '../../core/rules/target';
import { targetNames } from './lines/targetNames';
import { shortName, type GroupedOptions } from './groupOptions';
import type { OptionGroup } from './optionGroup';
import type { RuleFindings } from './ruleFindings';
import { targetModules } from './targets';

/**
 * A chain of the table wins over a target of the same name; a name that is neither is a jump to a
 * chain which the dump does not show.
 */
export function lowerTarget(
  { option, group }: NonNullable<GroupedOptions['target']>,
  family: Family,
  isChain: (name: string) => boolean,
  findings: RuleFindings,
): Target {
  const goto = shortName(option) === '-g';
  const [name] = option.values;
  if (name && (goto || isChain(name.text) || !targetNames.has(name.text))) {
    findings.report(group);
    return {
      kind: goto ? 'goto' : 'jump',
      range: group.range,
      chain: name.text,
      nameRange: findings.range(name),
    };
  }
  const module = targetModules.get(group.name);
  const target = module?.lower(group, family);
  const failed = module && findings.reportOf('target', target, group);
  return target && !failed ? target : unmodelledTarget(group);
}

/** A target whose options are not known. */
export function unmodelledTarget({ name, text, range }: OptionGroup): Target {
  return { kind: 'unmodelled-target', range, name, text };
}
