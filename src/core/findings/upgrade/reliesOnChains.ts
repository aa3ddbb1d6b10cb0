import * as l10n from '@vscode/l10n';
import { chainKind, isBuiltIn } from '../../kubeproxy/chainKind';
import { jumpsTo, matchOf } from '../../rules/lookUp';
import type { Rule } from '../../rules/ruleset';
import type { Check } from '../check';
import { readRules } from '../tables';

/** Rules of others that jump to kube-proxy's chains or ask for its mark: both end with iptables mode. */
export const reliesOnChains: Check = {
  code: 'relies-on-kube-proxy-rules',
  severity: 'information',
  title: l10n.t("rules of others rely on kube-proxy's chains or mark"),
  group: 'ready-for-1.40',
  modes: ['iptables', 'ipvs'],
  *find({ node, programmed: { marks } }) {
    const role = marks.find((one) => one.role === 'masquerade' && one.evidence);
    for (const { tables } of node.rulesets) {
      for (const table of tables.values()) {
        for (const name of table.chains.keys()) {
          if (name.startsWith('KUBE-')) continue;
          yield undefined;
          for (const rule of yield* readRules(table, name)) {
            const what = relies(rule, name, role?.bits ?? 0);
            if (what === undefined) continue;
            yield {
              message: l10n.t`${name} ${what}, which mode nftables, the default from 1.40, does not have.`,
              range: rule.range,
            };
          }
        }
      }
    }
  },
};

function relies(rule: Rule, chain: string, bit: number): string | undefined {
  const to = jumpsTo(rule);
  // kube-proxy's own jumps stand in built-in chains.
  if (to !== undefined && !isBuiltIn(chain) && chainKind(to)?.owner === 'kube-proxy') {
    return l10n.t`leads to ${to}`;
  }
  const mark = matchOf(rule, 'mark');
  const exact = mark && bit !== 0 && mark.value === bit && mark.mask === bit;
  return exact ? l10n.t("asks for kube-proxy's mark") : undefined;
}
