import * as l10n from '@vscode/l10n';
import { matchOf } from '../../rules/lookUp';
import type { Rule } from '../../rules/ruleset';
import type { Check } from '../check';
import { readRules, tablesOf } from '../tables';

/** KUBE-POSTROUTING of two releases, after an upgrade that did not clear it (calico#3145). */
export const staleMasquerade: Check = {
  code: 'masquerade-of-two-releases',
  severity: 'warning',
  title: l10n.t('KUBE-POSTROUTING holds the rules of two releases'),
  modes: ['iptables', 'ipvs'],
  *find({ node }) {
    for (const { table } of tablesOf(node, 'nat')) {
      // `-m mark --mark 0x4000/0x4000 -j MASQUERADE` up to 1.18; since then `! --mark` returns first.
      const own = (yield* readRules(table, 'KUBE-POSTROUTING')).filter(
        (rule) => !matchOf(rule, 'set'),
      );
      const [asks] = own.filter((rule) => isMasquerade(rule) && matchOf(rule, 'mark'));
      const [all] = own.filter((rule) => isMasquerade(rule) && !matchOf(rule, 'mark'));
      if (!asks || !all) continue;
      yield {
        message: l10n.t(
          'KUBE-POSTROUTING masquerades by the rule of an old release and by that of a newer one: one of them is left over, and the first is asked.',
        ),
        range: asks.range,
        related: [{ message: l10n.t('the rule of the newer release'), range: all.range }],
      };
    }
  },
};

function isMasquerade({ target }: Rule): boolean {
  return target?.kind === 'MASQUERADE';
}
