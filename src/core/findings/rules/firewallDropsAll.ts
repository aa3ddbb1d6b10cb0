import * as l10n from '@vscode/l10n';
import { matchOf } from '../../rules/lookUp';
import type { Check } from '../check';
import { readRules, tablesOf } from '../tables';

/** iptables of another version loses the mark match of kubelet's rule (kubernetes#112477). */
export const firewallDropsAll: Check = {
  code: 'kubelet-firewall-drops-all',
  severity: 'error',
  title: l10n.t('KUBE-FIREWALL drops every packet'),
  *find({ node }) {
    for (const { table } of tablesOf(node, 'filter')) {
      for (const rule of yield* readRules(table, 'KUBE-FIREWALL')) {
        const asks = rule.matches.some(({ kind }) => kind !== 'comment');
        if (rule.target?.kind !== 'DROP' || asks || rule.findings.length > 0) continue;
        const comment = matchOf(rule, 'comment')?.text;
        const lost = /marked/.test(comment ?? '')
          ? l10n.t(', it lost its --mark 0x8000/0x8000')
          : '';
        yield {
          message: l10n.t`This rule of KUBE-FIREWALL asks for nothing${lost}: it drops every packet that reaches it.`,
          range: rule.range,
        };
      }
    }
  },
};
