import type { Family } from '../../../core/address';
import type { Target } from '../../../core/rules/target';
import type { OptionGroup } from '../optionGroup';

/** How the options of one `-j NAME` become a target. */
export interface TargetModule {
  /** The options that belong to it, as iptables-extensions(8) names them. */
  readonly options: readonly string[];
  /** undefined when something that the target can't do without is missing or unreadable. */
  lower(group: OptionGroup, family: Family): Target | undefined;
}
