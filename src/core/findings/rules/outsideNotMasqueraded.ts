import * as l10n from '@vscode/l10n';
import { natChains, matchOf, jumpsTo } from '../../rules/lookUp';
import type { Check } from '../check';

/** The shape `src,dst`: only what comes from a ClusterIP, that is from the node itself. */
export const outsideNotMasqueraded: Check = {
  code: 'outside-not-masqueraded',
  severity: 'information',
  title: l10n.t('traffic from outside to ClusterIPs keeps its source'),
  modes: ['iptables', 'ipvs', 'nftables'],
  *find({ node, programmed: { localTraffic } }) {
    for (const { traffic, range, family } of localTraffic) {
      if (traffic.kind !== 'none') continue;
      const bySet = natChains(node, family, 'KUBE-SERVICES').some((chain) => {
        for (let i = 0; i < Math.min(chain.length, 50); i++) {
          const rule = chain.rule(i);
          const set = matchOf(rule, 'set');
          if (jumpsTo(rule) === 'KUBE-MARK-MASQ' && set?.directions.join() === 'src,dst')
            return true;
        }
        return false;
      });
      const but = bySet ? l10n.t(", but for the node's own") : '';
      yield {
        message: l10n.t`IPv${family}: no cluster CIDR is set, so that nothing tells traffic of Pods${but}: connections to ClusterIPs from outside the pod network are not masqueraded, and their answers may take another way.`,
        range,
      };
    }
  },
};
