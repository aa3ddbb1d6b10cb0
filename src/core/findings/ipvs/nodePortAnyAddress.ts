import * as l10n from '@vscode/l10n';
import { jumpsTo, matchOf, natChains } from '../../rules/lookUp';
import type { Check } from '../check';

/** Without `--dst-type LOCAL` every packet to that port, to any host, is masqueraded (kubernetes#65459). */
export const nodePortAnyAddress: Check = {
  code: 'node-port-of-any-address',
  severity: 'warning',
  title: l10n.t('traffic to a NodePort number of any host is masqueraded'),
  modes: ['ipvs'],
  *find({ node }) {
    for (const family of [4, 6] as const) {
      for (const chain of natChains(node, family, 'KUBE-SERVICES')) {
        for (let i = 0; i < chain.length; i++) {
          const rule = chain.rule(i);
          const to = jumpsTo(rule);
          if (to !== 'KUBE-NODE-PORT' && to !== 'KUBE-MARK-MASQ') continue;
          const set = matchOf(rule, 'set');
          const byPort = /^KUBE-(?:6-)?NODE-PORT-(?:TCP|UDP)$/.test(set?.name ?? '');
          if (!byPort && to !== 'KUBE-NODE-PORT') continue;
          if (matchOf(rule, 'addrtype') || matchOf(rule, 'destination')) continue;
          yield {
            message: l10n.t(
              'This rule does not ask for --dst-type LOCAL, as kube-proxy wrote it up to 1.11: what is forwarded to a NodePort number of any other host is masqueraded as well.',
            ),
            range: rule.range,
          };
        }
      }
    }
  },
};
