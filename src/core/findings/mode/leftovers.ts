import type { SignKind } from '../../kubeproxy/mode/sign';
import type { Check } from '../check';

/** What another mode left: harmless for the most part, but it answers who does not know it. */
export const leftovers: Check = {
  code: 'leftovers-of-another-mode',
  severity: 'information',
  title: 'another mode of kube-proxy left its traces',
  *find({ programmed: { mode } }) {
    if (mode.mode === undefined || mode.certainty !== 'certain') return;
    for (const sign of mode.signs) {
      if (sign.mode === mode.mode || sign.weight !== 'trace') continue;
      // KUBE-NODEPORTS of the filter table and the canaries are too little to tell of a mode.
      if (sign.kind === 'service-chains' && (sign.count ?? 0) < 5) continue;
      const what = words[sign.kind]?.(sign.count ?? 1);
      if (what === undefined) continue;
      yield {
        message: `kube-proxy runs in mode ${mode.mode}; ${what} left over from ${sign.mode} mode.`,
        range: sign.range,
      };
    }
  },
};

const words: Partial<Record<SignKind, (count: number) => string>> = {
  'virtual-servers': (count) =>
    count === 1 ? '1 virtual server is' : `${count} virtual servers are`,
  'kube-ipvs0': () => 'the device kube-ipvs0, which answers for its addresses, is',
  sets: (count) => (count === 1 ? '1 set is' : `${count} sets are`),
  'ipvs-chains': () => 'chains as KUBE-IPVS-FILTER are',
  'service-chains': (count) => `${count} chains of iptables mode are`,
};
