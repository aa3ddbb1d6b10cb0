import * as l10n from '@vscode/l10n';
import type { BundleLayout } from '../layout';
import { inTwo, without } from '../split';

/** The second process of a pipe writes it, so it can stand before the last lines. */
const trailer = /^=+$|^Total Number of Rules: \d+$/;

const listing = (program: string, table: string) => ({
  path: new RegExp(`(^|/)networking/${program}-${table}\\.txt$`),
  as: without(trailer, `${program}-${table}-L-n-v.txt`),
});

/** awslabs/amazon-eks-ami, log-collector-script: `eks_i-0abc_2026-11-29_0707-UTC_0.7.9.tar.gz`. */
export const eks: BundleLayout = {
  id: 'eks',
  title: 'EKS log collector',
  marks: [/(^|\/)networking\/iptables-save\.txt$/, /(^|\/)networking\/(ifconfig|iproute)\.txt$/],
  nodeName: /^eks_(?<node>i-[0-9a-f]+)_/,
  files: [
    { path: /(^|\/)networking\/iptables-save\.txt$/, as: 'iptables-save.txt' },
    { path: /(^|\/)networking\/ip6tables-save\.txt$/, as: 'ip6tables-save.txt' },
    ...['nat', 'mangle', 'filter'].flatMap((table) => [
      listing('iptables', table),
      listing('ip6tables', table),
    ]),
    {
      path: /(^|\/)networking\/ipset\.txt$/,
      as: inTwo('ipset-list.txt', 'ipset-save.txt', /^create /m),
    },
    {
      // Saved with names and ports by name; then twice as a list without forward methods.
      path: /(^|\/)networking\/ipvsadm\.txt$/,
      as: inTwo('ipvsadm-Sn.txt', 'ipvsadm-Ln-rate.txt', /^IP Virtual Server version/m),
    },
    { path: /(^|\/)networking\/iprule\.txt$/, as: 'ip-rule.txt' },
    { path: /(^|\/)networking\/iproute\.txt$/, as: 'ip-route-show-table-all.txt' },
    { path: /(^|\/)networking\/ifconfig\.txt$/, as: 'ifconfig.txt' },
    { path: /(^|\/)sysctls\/sysctl_all\.txt$/, as: 'sysctl.txt' },
    // `kubectl get svc`: of the namespace default only.
    { path: /(^|\/)kubelet\/svc\.log$/, as: 'objects' },
  ],
  remarks: [
    l10n.t`This collector does not ask nft: a node in nftables mode looks as if it had no Services.`,
  ],
};
