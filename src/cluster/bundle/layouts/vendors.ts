import * as l10n from '@vscode/l10n';
import type { BundleLayout } from '../layout';
import { atCommands, outputs } from '../split';

const host = (name: string, as: string) => ({
  path: new RegExp(`(^|/)host-collectors/run-host/${name}\\.txt$`),
  as,
});

/** replicatedhq/troubleshoot: host collectors by name, objects by namespace. */
export const troubleshoot: BundleLayout = {
  id: 'troubleshoot',
  title: 'troubleshoot.sh support bundle',
  marks: [/(^|\/)(host-collectors\/run-host|cluster-resources)\//],
  files: [
    host('iptables-save', 'iptables-save.txt'),
    host('nftables-list', 'nft-list-table-filter.txt'),
    host('ipvsadm', 'ipvsadm-Ln.txt'),
    host('ip-address-stats', 'ip-addr.txt'),
    host('ip-route-table', 'ip-route.txt'),
    {
      path: /(^|\/)cluster-resources\/((services|endpoints|endpointslices|pods)\/[^/]+|nodes)\.json$/,
      as: 'objects',
    },
  ],
  remarks: [l10n.t`Of nftables this bundle has the table filter only.`],
};

/** openSUSE/supportutils: `#==[ Command ]===#`, then `# /full/path command`, then its output. */
export const supportconfig: BundleLayout = {
  id: 'supportconfig',
  title: 'SUSE supportconfig',
  marks: [/(^|\/)scc_[^/]+\/network\.txt$/],
  nodeName: /^scc_(?<node>[^_]+)_/,
  files: [
    {
      path: /(^|\/)network\.txt$/,
      // bounded: by atCommands
      as: atCommands(/^# (\/\S+\/(?:ip6?tables|ipset|ipvsadm|nft|ip)\b.*)$/, /^#==\[|^# (NOTE|\/)/),
    },
  ],
  remarks: [
    l10n.t`supportconfig skips the tables of iptables whose kernel modules are not loaded, as with iptables-nft: then the rules are in the output of nft.`,
  ],
};

/** Azure/AgentBaker, aks-log-collector.sh. */
export const aks: BundleLayout = {
  id: 'aks',
  title: 'AKS node log',
  marks: [/(^|\/)collect\/iptables\.txt$/],
  files: [
    { path: /(^|\/)collect\/iptables\.txt$/, as: 'iptables-filter-L-n-v.txt' },
    { path: /(^|\/)collect\/ip6tables\.txt$/, as: 'ip6tables-filter-L-n-v.txt' },
    { path: /(^|\/)collect\/nftables\.json$/, as: 'nft-j-list-ruleset.json' },
    { path: /(^|\/)collect\/ip_4_addr\.json$/, as: 'ip-addr.json' },
    { path: /(^|\/)collect\/sysctl\.txt$/, as: 'sysctl.txt' },
  ],
  remarks: [
    l10n.t`This log lists the table filter only: with iptables-nft the table nat is in the JSON of nft, where its rules are opaque.`,
  ],
};

/** Azure/aks-periscope: one listing with names. */
export const periscope: BundleLayout = {
  id: 'aks-periscope',
  title: 'AKS Periscope',
  marks: [/(^|\/)iptables\/?[^/]*$/, /(^|\/)(networkoutbound|kubeobjects|systemlogs)\//],
  files: [{ path: /(^|\/)(?<node>[^/]+)\/iptables$/, as: 'iptables-nat-L.txt' }],
  remarks: [
    l10n.t`Periscope lists the table nat with names instead of addresses: no packet can be traced.`,
  ],
};

/** kubernetes/kops, pkg/dump: a folder for each node, also in the artifacts of Kubernetes' CI. */
export const kops: BundleLayout = {
  id: 'kops',
  title: 'kops toolbox dump',
  marks: [/(^|\/)iptables-nat\.log$/],
  files: [
    ...['nat', 'filter'].map((table) => ({
      path: new RegExp(`(^|/)(?<node>[^/]+)/iptables-${table}\\.log$`),
      as: `iptables-${table}-S.txt`,
    })),
    {
      path: /(^|\/)cluster-info\/(nodes|[^/]+\/(services|pods))\.(json|yaml)$/,
      as: 'objects',
    },
  ],
  remarks: [l10n.t`kops takes neither sets, IPVS nor addresses.`],
};

/** kubernetes/minikube, test/integration/net_test.go: `>>> host: iptables-save:`. */
export const minikube: BundleLayout = {
  id: 'minikube',
  title: "minikube's network debug",
  // bounded: a path
  marks: [/(^|\/)[^/]*debuglogs?[^/]*\.(txt|log)$/i],
  files: [
    {
      // bounded: a path
      path: /(^|\/)[^/]*debuglogs?[^/]*\.(txt|log)$/i,
      as: atCommands(/^>>> (?:host|k8s): ((?:ip6?tables|ip|nft|ipset)[^:]*):$/),
    },
  ],
};

/** RedHatInsights/insights-core: one file for each command. */
export const insights: BundleLayout = {
  id: 'insights',
  title: 'Insights archive',
  marks: [/(^|\/)insights_commands\//],
  files: [
    { path: /(^|\/)insights_commands\/iptables-save$/, as: 'iptables-save.txt' },
    { path: /(^|\/)insights_commands\/ip_addr$/, as: 'ip-addr.txt' },
    { path: /(^|\/)insights_commands\/nft_-j_list_ruleset$/, as: 'nft-j-list-ruleset.json' },
  ],
};

/**
 * Alibaba Cloud, diagnose_k8s.sh: `diagnose_1732867200.tar.gz` with one text for all of the network,
 * which is taken apart as any session that somebody pasted.
 */
export const ack: BundleLayout = {
  id: 'ack',
  title: 'ACK node diagnosis',
  marks: [/(^|\/)network_info$/, /(^|\/)system_info$/],
  files: [{ path: /(^|\/)network_info$/, as: outputs }],
  remarks: [l10n.t`This diagnosis has no objects of the cluster.`],
};

/** `kind export logs`: of a node its journal and the logs of its containers, in a folder of its name. */
export const kind: BundleLayout = {
  id: 'kind',
  title: 'kind export logs',
  marks: [/(^|\/)kind-version\.txt$/, /(^|\/)kubelet\.log$/],
  files: [
    {
      // bounded: a path
      path: /(^|\/)(?<node>[^/]+)\/containers\/kube-proxy-[^/]+_kube-system_kube-proxy-[^/]+\.log$/,
      as: 'kube-proxy.log',
    },
  ],
  remarks: [
    l10n.t`It has logs alone: kube-proxy's tells its mode, and nothing in it shows rules, addresses, routes or objects.`,
  ],
};

/** Tencent Cloud's script: the content tells which command wrote the file. */
export const tke: BundleLayout = {
  id: 'tke',
  title: 'TKE node log',
  marks: [/(^|\/)tkelog\/iptables-[^/]+\.log$/],
  files: [
    {
      // bounded: a path
      path: /(^|\/)tkelog\/iptables-(?<node>[^/]+?)(-\d[\d-]*)?\.log$/,
      as: 'iptables.txt',
    },
  ],
  remarks: [l10n.t`This log has rules of iptables, and neither addresses nor routes.`],
};
