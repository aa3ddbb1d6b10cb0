import * as l10n from '@vscode/l10n';
import type { Check } from '../check';

/** KEP-5495: deprecated in 1.35, off by default in 1.40, gone in 1.43. */
export const ipvsRemoved: Check = {
  code: 'ipvs-mode-ends',
  severity: 'information',
  title: l10n.t('ipvs mode is off by default from Kubernetes 1.40 on'),
  group: 'ready-for-1.40',
  modes: ['ipvs'],
  *find({ programmed: { mode } }) {
    const [sign] = mode.signs;
    if (!sign) return;
    yield {
      message: l10n.t(
        'kube-proxy runs in ipvs mode, deprecated since 1.35 (KEP-5495): off by default from 1.40 on (feature gate KubeProxyIPVS), gone in 1.43. Move to mode nftables before.',
      ),
      range: sign.range,
    };
  },
};
