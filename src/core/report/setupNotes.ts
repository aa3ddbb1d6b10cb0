import type { Family } from '../address';
import type { InputLack } from '../expected/nodeInput';

/** Why rules can't be worked out, and what would help. */
export function lackText(lack: InputLack): string {
  switch (lack) {
    case 'configuration':
      return "kube-proxy's configuration is not at hand: kube-proxy.config.yaml beside the dumps, from `kubectl -n kube-system get configmap kube-proxy -o yaml`.";
    case 'services':
      return 'No Services are at hand: `kubectl get services -A -o yaml` in a folder objects beside the node.';
    case 'endpoints':
      return 'No EndpointSlices are at hand: `kubectl get endpointslices -A -o yaml` in a folder objects beside the node.';
    case 'node':
      return 'Among the objects is no Node of this name: `kubectl get nodes -o yaml` in a folder objects beside the node.';
    case 'mode':
      return "The configuration's mode is none of kube-proxy's on Linux.";
    case 'release':
      return "Neither objects, log nor rules tell kube-proxy's release.";
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
  const shown = families.map((family) => `IPv${family}`).join(' and ');
  return [
    families.length === 0
      ? "No dump tells the node's addresses and routes, so that no packet could be traced: `ip addr` and `ip route show table all` would."
      : `${shown}: packets of a Pod of the node, of the node itself, of localhost and of a client outside, to every address of each Service, to a wrong port, and pings. New connections only.`,
    'Rules of other software stay as the iptables dumps have them; without such dumps only those of kube-proxy count.',
    ...(leftOut > 0 ? [`${leftOut} Service ports were left out: there are too many.`] : []),
  ];
}
