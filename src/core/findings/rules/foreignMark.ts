import * as l10n from '@vscode/l10n';
import { isBuiltIn } from '../../kubeproxy/chainKind';
import { otherSoftware } from '../../kubeproxy/otherChains';
import { bitNames } from '../../marks/bits';
import { hex } from '../../hex';
import { markEffect } from '../../marks/arithmetic';
import type { Check } from '../check';
import { readRules } from '../tables';

/** Another program that sets kube-proxy's bit makes it masquerade what it should not (cilium#8516). */
export const foreignMark: Check = {
  code: 'masquerade-bit-set-by-others',
  severity: 'warning',
  title: l10n.t("a rule of others sets kube-proxy's masquerade bit"),
  modes: ['iptables', 'ipvs'],
  *find({ node, programmed: { marks } }) {
    const role = marks.find((one) => one.role === 'masquerade' && one.evidence);
    if (!role?.evidence) return;
    for (const { tables } of node.rulesets) {
      for (const table of tables.values()) {
        for (const name of table.chains.keys()) {
          // KUBE-HP- and CNI-HOSTPORT-SETMARK of old releases use kube-proxy's bit on purpose.
          if (/^(?:KUBE-|CNI-HOSTPORT-|CNI-DN-)/.test(name)) continue;
          yield undefined;
          for (const rule of yield* readRules(table, name)) {
            const { target } = rule;
            if (target?.kind !== 'MARK') continue;
            const both = markEffect(target).sets & role.bits;
            if (both === 0) continue;
            const who =
              otherSoftware(name)?.software ?? (isBuiltIn(name) ? l10n.t('A rule by hand') : name);
            yield {
              message: l10n.t`${who} sets ${bitNames(both)} (${hex(both)}), which is kube-proxy's mark for masquerade: KUBE-POSTROUTING rewrites the source of these packets.`,
              range: rule.range,
              related: [{ message: l10n.t('kube-proxy sets it here'), range: role.evidence }],
            };
          }
        }
      }
    }
  },
};
