import * as l10n from '@vscode/l10n';
import type { Check } from '../check';

/** Old workaround that hides every client's address from network policy; mode nftables keeps it. */
export const masqueradeAll: Check = {
  code: 'masquerade-all',
  severity: 'information',
  title: l10n.t('all traffic to ClusterIPs is masqueraded'),
  group: 'ready-for-1.40',
  modes: ['iptables', 'ipvs', 'nftables'],
  *find({ programmed: { localTraffic } }) {
    const all = localTraffic.find(({ traffic }) => traffic.kind === 'all');
    if (!all) return;
    yield {
      message: l10n.t(
        'masqueradeAll is set: Pods see the node in place of every client of a ClusterIP. Look before 1.40 whether anything still needs it.',
      ),
      range: all.range,
    };
  },
};
