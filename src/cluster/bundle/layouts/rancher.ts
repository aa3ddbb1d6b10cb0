import * as l10n from '@vscode/l10n';
import type { BundleLayout } from '../layout';

const file = (name: string, as: string) => ({ path: new RegExp(`(^|/)networking/${name}$`), as });

/** rancherlabs/support-tools, collection/rancher/v2.x: also of k3s and rke2. No file has an ending. */
export const rancher: BundleLayout = {
  id: 'rancher',
  title: 'Rancher log collector',
  marks: [/(^|\/)networking\/iptablessave$/],
  nodeName: /^(?<node>.+)-\d{4}-\d\d-\d\d_\d\d_\d\d_\d\d/,
  files: [
    file('iptablessave', 'iptables-save.txt'),
    file('ip6tablessave', 'ip6tables-save.txt'),
    file('iptables', 'iptables-filter-L-n-v.txt'),
    file('iptablesnat', 'iptables-nat-L-n-v.txt'),
    file('iptablesmangle', 'iptables-mangle-L-n-v.txt'),
    file('nft_ruleset', 'nft-list-ruleset.txt'),
    file('ipvsadm', 'ipvsadm-Ln.txt'),
    file('ipaddrshow', 'ip-addr.txt'),
    file('iproute', 'ip-route-show-table-all.txt'),
    file('iprule', 'ip-rule.txt'),
    { path: /(^|\/)systeminfo\/sysctla$/, as: 'sysctl.txt' },
    { path: /(^|\/)kubectl\/(nodes\.json|services|endpoints|pods)$/, as: 'objects' },
  ],
  remarks: [l10n.t`This collector takes no ipset: what the rules match against sets stays open.`],
};
