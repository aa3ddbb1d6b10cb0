import * as l10n from '@vscode/l10n';
import { list } from '../../list';
import { modesInForce } from '../../kubeproxy/mode/judge';
import type { Check } from '../check';

/** kube-proxy does not clean up what another mode wrote while it runs (kubernetes#102314, #119265). */
export const modesInForceCheck: Check = {
  code: 'rules-of-two-modes',
  severity: 'warning',
  title: l10n.t('rules of two modes of kube-proxy are in force'),
  *find({ node, programmed: { mode } }) {
    const seen = modesInForce(node);
    const [first, ...others] = seen.filter((sign) => sign.mode !== mode.mode);
    if (!first || seen.length < 2) return;
    const all = list(seen.map((sign) => sign.mode));
    const whose = mode.mode === undefined ? '' : l10n.t`, and kube-proxy runs in mode ${mode.mode}`;
    yield {
      message: l10n.t`Rules of ${all} mode are in force${whose}: which of them translates a packet first depends on which was loaded last.`,
      range: first.range,
      related: [...others, ...seen.filter((sign) => sign.mode === mode.mode)].map((sign) => ({
        message: l10n.t`of ${sign.mode} mode`,
        range: sign.range,
      })),
    };
  },
};
