const save = (...lines: string[]) =>
  ['*nat', ':PREROUTING ACCEPT [0:0]', ...lines, 'COMMIT', ''].join('\n');
const ipvsTable = [
  'IP Virtual Server version 1.2.1 (size=4096)',
  'Prot LocalAddress:Port Scheduler Flags',
  '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
  'TCP  10.96.0.1:443 rr',
  '  -> 192.168.77.10:6443           Masq    1      0          0',
  '',
].join('\n');
const emptyIpvs = ipvsTable.split('\n').slice(0, 3).join('\n');
const toChains = save(
  ':KUBE-SERVICES - [0:0]',
  ':KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]',
  '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y',
);
const toSets = save(
  ':KUBE-MARK-MASQ - [0:0]',
  ':KUBE-SERVICES - [0:0]',
  '-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ',
);
const apiVersion = 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n';
const nft = 'table ip kube-proxy {\n\tchain services {\n\t}\n}\n';

/** What dumps of a node mixed up say: the title, the files, the mode and how sure that is. */
export const mixtures: readonly (readonly [
  string,
  Readonly<Record<string, string>>,
  string | undefined,
  string,
])[] = [
  [
    'chains that are led to, and left-over virtual servers',
    { 'iptables-save.txt': toChains, 'ipvsadm-Ln.txt': ipvsTable },
    'iptables',
    'certain',
  ],
  [
    'rules by sets, and left-over KUBE-SVC- chains',
    {
      'iptables-save.txt': toSets.replace(
        ':KUBE-SERVICES',
        ':KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]\n:KUBE-SERVICES',
      ),
      'ipvsadm-Ln.txt': ipvsTable,
    },
    'ipvs',
    'certain',
  ],
  [
    'rules by sets, but IPVS without a virtual server',
    { 'iptables-save.txt': toSets, 'ipvsadm-Ln.txt': emptyIpvs },
    'ipvs',
    'likely',
  ],
  [
    'a KUBE-SERVICES that leads nowhere, and virtual servers',
    {
      'iptables-save.txt': save(':KUBE-SERVICES - [0:0]', ':KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]'),
      'ipvsadm-Ln.txt': ipvsTable,
    },
    'ipvs',
    'likely',
  ],
  ['virtual servers alone', { 'ipvsadm-Ln.txt': ipvsTable }, 'ipvs', 'likely'],
  [
    'a chain of one Service alone',
    { 'iptables-save.txt': save(':KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]') },
    'iptables',
    'likely',
  ],
  [
    'a chain of one Service and virtual servers, without KUBE-SERVICES',
    {
      'iptables-save.txt': save(':KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]'),
      'ipvsadm-Ln.txt': ipvsTable,
    },
    undefined,
    'unknown',
  ],
  [
    'rules of iptables mode beside the table of nftables mode',
    { 'iptables-save.txt': toChains, 'nft-list-ruleset.txt': nft },
    undefined,
    'unknown',
  ],
  [
    'both backends, one of each mode',
    { 'iptables-nft-save.txt': toChains, 'iptables-legacy-save.txt': toSets },
    undefined,
    'unknown',
  ],
  [
    'a configuration that the rules contradict',
    { 'iptables-save.txt': toChains, 'kube-proxy.config.yaml': `${apiVersion}mode: ipvs\n` },
    'iptables',
    'certain',
  ],
  [
    'a configuration whose rules no dump would show',
    { 'iptables-save.txt': toChains, 'kube-proxy.config.yaml': `${apiVersion}mode: nftables\n` },
    'nftables',
    'likely',
  ],
  [
    'a configuration and its rules',
    { 'iptables-save.txt': toChains, 'kube-proxy.config.yaml': `${apiVersion}mode: iptables\n` },
    'iptables',
    'certain',
  ],
  ['nothing of kube-proxy', { 'iptables-save.txt': save() }, undefined, 'unknown'],
];
