import * as l10n from '@vscode/l10n';
import type { SignKind } from '../../kubeproxy/mode/sign';
import type { Check } from '../check';

/** What another mode left: harmless for the most part, but it answers who does not know it. */
export const leftovers: Check = {
  code: 'leftovers-of-another-mode',
  severity: 'information',
  title: l10n.t('another mode of kube-proxy left its traces'),
  *find({ programmed: { mode } }) {
    if (mode.mode === undefined || mode.certainty !== 'certain') return;
    for (const sign of mode.signs) {
      if (sign.mode === mode.mode || sign.weight !== 'trace') continue;
      // KUBE-NODEPORTS of the filter table and the canaries are too little to tell of a mode.
      if (sign.kind === 'service-chains' && (sign.count ?? 0) < 5) continue;
      const what = words[sign.kind]?.(sign.count ?? 1);
      if (what === undefined) continue;
      yield {
        message: l10n.t`kube-proxy runs in mode ${mode.mode}; ${what} left over from ${sign.mode} mode.`,
        range: sign.range,
      };
    }
  },
};

const words: Partial<Record<SignKind, (count: number) => string>> = {
  'virtual-servers': (count) =>
    count === 1 ? l10n.t('1 virtual server is') : l10n.t`${count} virtual servers are`,
  'kube-ipvs0': () => l10n.t('the device kube-ipvs0, which answers for its addresses, is'),
  sets: (count) => (count === 1 ? l10n.t('1 set is') : l10n.t`${count} sets are`),
  'ipvs-chains': () => l10n.t('chains such as KUBE-IPVS-FILTER are'),
  'service-chains': (count) => l10n.t`${count} chains of iptables mode are`,
};
