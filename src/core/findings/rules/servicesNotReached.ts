import * as l10n from '@vscode/l10n';
import type { Table } from '../../rules/ruleset';
import { jumpsTo, placeOf } from '../../rules/lookUp';
import type { Check } from '../check';
import { isWhole, rulesOf, tablesOf } from '../tables';

/** Every mode but nftables jumps from both (pkg/proxy/iptables/proxier.go, iptablesJumpChains). */
export const servicesNotReached: Check = {
  code: 'services-not-reached',
  severity: 'error',
  title: l10n.t('nothing leads to KUBE-SERVICES'),
  modes: ['iptables', 'ipvs'],
  *find({ node }) {
    for (const { table } of tablesOf(node, 'nat')) {
      const services = table.chains.get('KUBE-SERVICES');
      if (!services || services.length === 0) continue;
      for (const hook of ['PREROUTING', 'OUTPUT']) {
        if (!isWhole(table, hook) || leadsTo(table, hook)) continue;
        const range = table.chains.get(hook)!.declared ?? placeOf(services);
        if (!range) continue;
        const who =
          hook === 'OUTPUT' ? l10n.t('The node itself') : l10n.t('No pod and nobody outside');
        const reach = hook === 'OUTPUT' ? l10n.t('does not reach') : l10n.t('reaches');
        yield {
          message: l10n.t`No rule of nat ${hook} leads to KUBE-SERVICES: ${who} ${reach} any Service.`,
          range,
        };
      }
    }
  },
};

/** Directly, or over chains of others (`cali-PREROUTING`). */
function leadsTo(table: Table, from: string): boolean {
  const open = [from];
  const seen = new Set(open);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === 'KUBE-SERVICES') return true;
    if (/^KUBE-(?:SVC|SEP|SVL|EXT|FW|XLB)-/.test(name)) continue;
    for (const rule of rulesOf(table, name)) {
      const to = jumpsTo(rule);
      if (to === undefined || seen.has(to)) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return false;
}
