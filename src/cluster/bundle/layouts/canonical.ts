import * as l10n from '@vscode/l10n';
import type { BundleLayout } from '../layout';

const snap = (name: string, as: string) => ({
  path: new RegExp(`(^|/)inspection-report/${name}\\.log$`),
  as,
});
const micro = (name: string, as: string) => ({
  path: new RegExp(`(^|/)inspection-report/network/${name}$`),
  as,
});

/** canonical/k8s-snap, k8s/scripts/inspect.sh. */
export const k8sSnap: BundleLayout = {
  id: 'k8s-snap',
  title: 'k8s inspect',
  marks: [/(^|\/)inspection-report\/iptables\.log$/],
  files: [
    snap('iptables', 'iptables-nft-save.txt'),
    snap('iptables-legacy', 'iptables-legacy-save.txt'),
    snap('iptables6', 'ip6tables-nft-save.txt'),
    snap('iptables6-legacy', 'ip6tables-legacy-save.txt'),
    snap('ip-a', 'ip-addr.txt'),
    snap('ip-r', 'ip-route.txt'),
    { path: /(^|\/)cluster-info\/(nodes|[^/]+\/(services|pods))\.json$/, as: 'objects' },
  ],
  remarks: [l10n.t`This report has neither sets, IPVS nor EndpointSlices.`],
};

/** canonical/microk8s, scripts/inspect.sh: the table nat listed, filter by -S and -L. */
export const microk8s: BundleLayout = {
  id: 'microk8s',
  title: 'microk8s inspect',
  marks: [/(^|\/)inspection-report\/network\/iptables$/],
  files: [
    micro('iptables', 'iptables-nat-L-n-v.txt'),
    micro('iptables-S', 'iptables-S.txt'),
    micro('ip-addr', 'ip-addr.txt'),
    micro('ip-route', 'ip-route.txt'),
  ],
  remarks: [l10n.t`This report has neither sets nor IPVS.`],
};
