import * as l10n from '@vscode/l10n';
import { list } from '../list';
import type { Family } from '../address';
import type { InputLack } from '../expected/nodeInput';

/** Why rules can't be worked out, and what would help. */
export function lackText(lack: InputLack): string {
  switch (lack) {
    case 'configuration':
      return l10n.t(
        "kube-proxy's configuration is not at hand: kube-proxy.config.yaml beside the dumps or in objects/, from `kubectl -n kube-system get configmap kube-proxy -o yaml`.",
      );
    case 'services':
      return l10n.t(
        'No Services are at hand: `kubectl get services -A -o yaml` in a folder objects beside the node.',
      );
    case 'endpoints':
      return l10n.t(
        'No EndpointSlices are at hand: `kubectl get endpointslices -A -o yaml` in a folder objects beside the node.',
      );
    case 'node':
      return l10n.t(
        'Among the objects is no Node of this name: `kubectl get nodes -o yaml` in a folder objects beside the node.',
      );
    case 'mode':
      return l10n.t("The configuration's mode is none of kube-proxy's on Linux.");
    case 'release':
      return l10n.t("Neither objects, log nor rules tell kube-proxy's release.");
  }
}

/** What a comparison of two setups took into account. */
export function comparisonNotes({
  families,
  leftOut,
}: {
  readonly families: readonly Family[];
  readonly leftOut: number;
}): readonly string[] {
  const shown = list(families.map((family) => `IPv${family}`));
  return [
    families.length === 0
      ? l10n.t('No packet was traced: `ip addr` and `ip route show table all` are missing.')
      : l10n.t(
          '{0}: packets of a Pod of the node, of the node itself, of localhost and of a client outside, to every address of each Service, to a wrong port, and pings. New connections only.',
          shown,
        ),
    l10n.t(
      'Rules of other software stay as the iptables dumps have them; without such dumps only those of kube-proxy count.',
    ),
    ...(leftOut > 0
      ? [l10n.t('{0} Service ports were left out: there are too many.', leftOut)]
      : []),
  ];
}
