import * as l10n from '@vscode/l10n';
import { configuredTables } from '../../kubeproxy/nftables/configured';
import { placeOf } from '../../rules/lookUp';
import type { Check } from '../check';
import { isWhole, tablesOf } from '../tables';

/** Every cluster has the Service default/kubernetes: no rule at all means that somebody flushed them. */
export const servicesEmpty: Check = {
  code: 'services-empty',
  severity: 'error',
  title: l10n.t('KUBE-SERVICES is empty'),
  *find({ node, programmed: { mode } }) {
    // An empty chain may be what another mode left; kubelet writes KUBE-POSTROUTING without kube-proxy.
    const ofIptables =
      mode.mode === 'iptables' || (mode.mode === undefined && configuredTables(node)?.length === 0);
    if (!ofIptables || node.ipvs?.virtualServers.length) return;
    if (mode.signs.some(({ weight }) => weight === 'in-force')) return;
    for (const { table } of tablesOf(node, 'nat')) {
      const services = table.chains.get('KUBE-SERVICES');
      if (!services || services.length > 0 || !isWhole(table, 'KUBE-SERVICES')) continue;
      if (!table.chains.has('KUBE-PROXY-CANARY')) continue;
      const range = placeOf(services);
      if (!range) continue;
      yield {
        message: l10n.t(
          'KUBE-SERVICES has no rule, not even for the Service default/kubernetes: somebody flushed it, or kube-proxy has not synced.',
        ),
        range,
      };
    }
  },
};
