import * as l10n from '@vscode/l10n';
import type { Rule } from '../../rules/ruleset';
import type { Check } from '../check';
import { eachTable } from '../tables';
import { takes, takesAllOf } from './subsumes';

/** Chains as long as kube-proxy's have rules that exclude each other; those of people are short. */
const mostRules = 200;

/**
 * A rule that no packet gets to: one before it takes all that it asks for. Proved by subsumption:
 * whatever the earlier rule asks, the later one asks as well.
 */
export const neverMatches: Check = {
  code: 'rule-never-matches',
  severity: 'information',
  title: l10n.t('a rule can never match'),
  *find({ node }) {
    for (const { name, table } of eachTable(node)) {
      for (const chain of table.chains.values()) {
        if (isServices(name, chain.name)) continue;
        yield undefined;
        if (chain.length < 2 || chain.length > mostRules) continue;
        const before: Rule[] = [];
        for (let i = 0; i < chain.length; i++) {
          const rule = chain.rule(i);
          const by = before.find((earlier) => takesAllOf(earlier, rule));
          if (by) {
            yield {
              message: l10n.t`No packet gets to this rule: rule ${by.number} of ${name} ${chain.name} takes all that it asks for.`,
              range: rule.range,
              related: [{ message: l10n.t('the rule before'), range: by.range }],
            };
          } else if (takes(rule)) before.push(rule);
        }
      }
    }
  },
};

/** Of each Service kube-proxy writes the chain itself; of all together `service-rules-passed-over` tells. */
function isServices(table: string, name: string): boolean {
  const isEntry = table === 'nat' && name === 'KUBE-SERVICES';
  return isEntry || /^KUBE-(?:SVC|SVL|SEP|EXT|FW|XLB)-/.test(name);
}
