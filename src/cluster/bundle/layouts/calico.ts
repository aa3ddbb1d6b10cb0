import * as l10n from '@vscode/l10n';
import type { BundleLayout } from '../layout';

/** A folder for each node: the one bundle with both backends apart, sets and addresses. */
const nodeFile = (name: string, as = name) => ({
  path: new RegExp(`(^|/)(?<node>[^/]+)/${name.replaceAll('.', '\\.')}$`),
  as,
});

/** projectcalico/calico, calicoctl/commands/cluster/diags.go. */
export const calicoCluster: BundleLayout = {
  id: 'calico-cluster',
  title: 'calicoctl cluster diags',
  marks: [/(^|\/)iptables-legacy-save\.txt$/, /(^|\/)(ipset-list|nft-ruleset)\.txt$/],
  files: [
    nodeFile('iptables-legacy-save.txt'),
    nodeFile('iptables-nft-save.txt'),
    nodeFile('nft-ruleset.txt', 'nft-list-ruleset.txt'),
    nodeFile('ipset-list.txt'),
    nodeFile('ip-addr.txt'),
    nodeFile('ip-route.txt'),
    nodeFile('ip-rule.txt'),
    { path: /(^|\/)nodes\.yaml$/, as: 'objects' },
  ],
  remarks: [l10n.t`calicoctl collects no IPVS and no Services.`],
};

/** calicoctl/commands/node/diags.go. */
export const calicoNode: BundleLayout = {
  id: 'calico-node',
  title: 'calicoctl node diags',
  marks: [/(^|\/)ipv4_tables$/, /(^|\/)ipv4_addr$/],
  files: [
    { path: /(^|\/)ipv4_tables$/, as: 'iptables-save-c.txt' },
    { path: /(^|\/)ipv6_tables$/, as: 'ip6tables-save-c.txt' },
    { path: /(^|\/)ipsets$/, as: 'ipset-list.txt' },
    { path: /(^|\/)ipv4_addr$/, as: 'ip-addr.txt' },
    { path: /(^|\/)ipv4_route$/, as: 'ip-route.txt' },
    { path: /(^|\/)nft_ruleset$/, as: 'nft-list-ruleset.txt' },
  ],
  remarks: [l10n.t`calicoctl collects no IPVS and no Services.`],
};
