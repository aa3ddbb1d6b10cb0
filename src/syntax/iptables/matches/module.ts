import type { Family } from '../../../core/address';
import type { Match } from '../../../core/rules/match';
import type { OptionGroup } from '../optionGroup';

/** How the options of one `-m NAME` become a match. */
export interface MatchModule {
  /** The options that belong to it, as iptables-extensions(8) names them. */
  readonly options: readonly string[];
  /** undefined when something that the match can't do without is missing or unreadable. */
  lower(group: OptionGroup, family: Family): Match | undefined;
}
