import * as l10n from '@vscode/l10n';
/** What one of kube-proxy's sets is for (pkg/proxy/ipvs/ipset.go and proxier.go of Kubernetes). */
export interface KubeProxySet {
  /** Without the prefix of IPv6, and in full where the kernel's limit cut it. */
  readonly name: string;
  readonly family: 4 | 6;
  /** What its elements are. */
  readonly holds: string;
  /** What the rules do with a packet that is in it. */
  readonly effect: string;
  /** What differed in old releases, or why it is empty more often than not. */
  readonly note?: string;
}

/** The kernel's limit: IPSET_MAXNAMELEN is 32 with the closing zero. */
const longestName = 31;

/** kube-proxy's set of this name, as a dump shows it; undefined for sets of others. */
export function kubeProxySet(name: string): KubeProxySet | undefined {
  const six = name.startsWith('KUBE-6-');
  const found = sets.find((set) => name === (six ? ipv6Name(set.name) : set.name));
  return found && { ...found, family: six ? 6 : 4 };
}

/** The name of a set for IPv6: `KUBE-6-...`, cut at 31 characters as kube-proxy cuts it. */
export function ipv6Name(name: string): string {
  return name.replace(/^KUBE-/, 'KUBE-6-').slice(0, longestName);
}

/** All of kube-proxy's sets by their full names. */
export function kubeProxySetNames(): readonly string[] {
  return sets.map(({ name }) => name);
}

const whereSourceRangesDrop = l10n.t(
  '1.36 drops the others in the filter table (KUBE-SOURCE-RANGES-FIREWALL); 1.20 marks them in nat KUBE-FIREWALL for kubelet’s rule to drop.',
);

const sets: readonly Omit<KubeProxySet, 'family'>[] = [
  {
    name: 'KUBE-CLUSTER-IP',
    holds: l10n.t('Every ClusterIP with each of its ports.'),
    effect: l10n.t(
      'nat KUBE-SERVICES marks packets from outside the cluster CIDR for masquerade and accepts the rest; filter KUBE-IPVS-FILTER (1.36, not 1.20) lets them pass.',
    ),
    note: l10n.t(
      'Without a cluster CIDR the rule looks up src,dst: what a node sends from the ClusterIP itself. With masqueradeAll every packet is marked.',
    ),
  },
  {
    name: 'KUBE-LOOP-BACK',
    holds: l10n.t('Every endpoint on this node, as address, port and the same address as source.'),
    effect: l10n.t(
      'nat KUBE-POSTROUTING masquerades a pod that reached itself through its Service (hairpin).',
    ),
  },
  {
    name: 'KUBE-EXTERNAL-IP',
    holds: l10n.t('External IPs with their ports, of Services with externalTrafficPolicy Cluster.'),
    effect: l10n.t('nat KUBE-SERVICES marks the packets for masquerade.'),
  },
  {
    name: 'KUBE-EXTERNAL-IP-LOCAL',
    holds: l10n.t('External IPs with their ports, of Services with externalTrafficPolicy Local.'),
    effect: l10n.t(
      'nat KUBE-SERVICES accepts the packets without masquerade: the pod sees the client.',
    ),
  },
  {
    name: 'KUBE-LOAD-BALANCER',
    holds: l10n.t('Load balancer IPs with their ports.'),
    effect: l10n.t(
      'nat KUBE-SERVICES sends the packets to KUBE-LOAD-BALANCER, which marks them for masquerade.',
    ),
  },
  {
    name: 'KUBE-LOAD-BALANCER-LOCAL',
    holds: l10n.t(
      'Load balancer IPs with their ports, of Services with externalTrafficPolicy Local.',
    ),
    effect: l10n.t(
      'nat KUBE-LOAD-BALANCER returns before the mark: no masquerade, the pod sees the client.',
    ),
  },
  {
    name: 'KUBE-LOAD-BALANCER-FW',
    holds: l10n.t('Load balancer IPs with their ports, of Services with loadBalancerSourceRanges.'),
    effect: l10n.t('Packets in it must be in one of the source ranges.'),
    note: whereSourceRangesDrop,
  },
  {
    name: 'KUBE-LOAD-BALANCER-SOURCE-CIDR',
    holds: l10n.t('Load balancer IPs with their ports and each allowed source range.'),
    effect: l10n.t('Packets in it are let through.'),
    note: whereSourceRangesDrop,
  },
  {
    name: 'KUBE-LOAD-BALANCER-SOURCE-IP',
    holds: l10n.t('Load balancer IPs with their ports, and the same IP as source.'),
    effect: l10n.t('Lets the node itself through where a source range contains the node.'),
    note: l10n.t('Empty unless a source range contains one of the node’s addresses.'),
  },
  {
    name: 'KUBE-NODE-PORT-TCP',
    holds: l10n.t('TCP node ports.'),
    effect: l10n.t('nat KUBE-NODE-PORT marks the packets for masquerade.'),
  },
  {
    name: 'KUBE-NODE-PORT-LOCAL-TCP',
    holds: l10n.t('TCP node ports of Services with externalTrafficPolicy Local.'),
    effect: l10n.t(
      'nat KUBE-NODE-PORT returns before the mark: no masquerade, the pod sees the client.',
    ),
  },
  {
    name: 'KUBE-NODE-PORT-UDP',
    holds: l10n.t('UDP node ports.'),
    effect: l10n.t('nat KUBE-NODE-PORT marks the packets for masquerade.'),
  },
  {
    name: 'KUBE-NODE-PORT-LOCAL-UDP',
    holds: l10n.t('UDP node ports of Services with externalTrafficPolicy Local.'),
    effect: l10n.t(
      'nat KUBE-NODE-PORT returns before the mark: no masquerade, the pod sees the client.',
    ),
  },
  {
    name: 'KUBE-NODE-PORT-SCTP-HASH',
    holds: l10n.t('SCTP node ports, with each address of the node.'),
    effect: l10n.t('nat KUBE-NODE-PORT marks the packets for masquerade.'),
    note: l10n.t('hash:ip,port, because bitmap:port knows only TCP and UDP.'),
  },
  {
    name: 'KUBE-NODE-PORT-LOCAL-SCTP-HASH',
    holds: l10n.t(
      'SCTP node ports of Services with externalTrafficPolicy Local, with each address of the node.',
    ),
    effect: l10n.t(
      'nat KUBE-NODE-PORT returns before the mark: no masquerade, the pod sees the client.',
    ),
    note: l10n.t('hash:ip,port, because bitmap:port knows only TCP and UDP.'),
  },
  {
    name: 'KUBE-HEALTH-CHECK-NODE-PORT',
    holds: l10n.t('healthCheckNodePorts of Services with externalTrafficPolicy Local.'),
    effect: l10n.t(
      'filter KUBE-NODE-PORT accepts the packets, and KUBE-IPVS-FILTER lets them pass.',
    ),
    note: l10n.t('Not in old releases (1.20 has none).'),
  },
  {
    name: 'KUBE-IPVS-IPS',
    holds: l10n.t('All addresses on kube-ipvs0.'),
    effect: l10n.t(
      'filter KUBE-IPVS-FILTER rejects new connections to them on ports that are no Service’s, so that they do not reach the node’s own listeners.',
    ),
    note: l10n.t(
      'Not in old releases (1.20 has none): there the node itself answers on such ports.',
    ),
  },
];
