import * as l10n from '@vscode/l10n';
import type { ConfigKey } from './key';

const iptablesLike = ['iptables', 'ipvs'] as const;
const syncPeriod = l10n.t(
  'How often kube-proxy resyncs and cleans up what it wrote, even without a change.',
);
const minSyncPeriod = l10n.t(
  'The least time between two writes. With 0 each change of a Service or EndpointSlice is written at once.',
);

/**
 * The keys of one mode each. staging/src/k8s.io/kube-proxy/config/v1alpha1/types.go, defaults.go, and
 * conversion.go, which says what mode reads which, 1.9 to 1.36.
 */
export const modeKeys: readonly ConfigKey[] = [
  {
    path: 'iptables',
    type: 'map',
    meaning: l10n.t('What iptables mode reads; ipvs mode reads its masquerade keys too.'),
  },
  {
    path: 'iptables.masqueradeAll',
    type: 'boolean',
    meaning: l10n.t('Whether all traffic to cluster IPs is masqueraded, also that of local Pods.'),
    defaults: [{ value: 'false' }],
    modes: iptablesLike,
  },
  {
    path: 'iptables.masqueradeBit',
    type: 'integer',
    meaning: l10n.t(
      'The bit of the packet mark that says "masquerade": KUBE-MARK-MASQ sets it, KUBE-POSTROUTING tests it.',
    ),
    defaults: [{ value: '14' }],
    modes: iptablesLike,
    limits: [0, 31],
  },
  {
    path: 'iptables.localhostNodePorts',
    type: 'boolean',
    meaning: l10n.t(
      'Whether node ports answer on 127.0.0.1 (IPv4 only), for which kube-proxy sets route_localnet.',
    ),
    since: 26,
    defaults: [{ value: 'true' }],
    modes: ['iptables'],
  },
  {
    path: 'iptables.syncPeriod',
    type: 'duration',
    meaning: syncPeriod,
    defaults: [{ value: '30s' }],
    modes: ['iptables'],
  },
  {
    path: 'iptables.minSyncPeriod',
    type: 'duration',
    meaning: minSyncPeriod,
    defaults: [{ value: '0s' }, { since: 19, value: '1s' }],
    modes: ['iptables'],
  },
  { path: 'ipvs', type: 'map', meaning: l10n.t('What only ipvs mode reads.'), modes: ['ipvs'] },
  {
    path: 'ipvs.scheduler',
    type: 'string',
    meaning: l10n.t('How all virtual servers choose a real server: rr, wrr, lc, wlc, sh, mh, ...'),
    // pkg/proxy/ipvs/proxier.go, defaultScheduler.
    defaults: [{ value: 'rr' }],
    modes: ['ipvs'],
  },
  {
    path: 'ipvs.strictARP',
    type: 'boolean',
    meaning: l10n.t(
      "Sets arp_ignore 1 and arp_announce 2, so that the node doesn't answer ARP for addresses of kube-ipvs0. Since 1.13.6 and 1.14.2; 1.13.0 to 1.13.5, 1.14.0 and 1.14.1 always set both.",
    ),
    // PR 75295, backported to 1.14 by PR 75719; both set since PR 70530.
    since: 13,
    defaults: [{ value: 'false' }],
    modes: ['ipvs'],
  },
  {
    path: 'ipvs.excludeCIDRs',
    type: 'strings',
    meaning: l10n.t(
      'Virtual servers in these CIDRs are not removed when kube-proxy cleans up what no Service has (cleanLegacyService in pkg/proxy/ipvs/proxier.go).',
    ),
    since: 11,
    defaults: [{ value: l10n.t('none') }],
    modes: ['ipvs'],
  },
  {
    path: 'ipvs.tcpTimeout',
    type: 'duration',
    meaning: l10n.t("How long IPVS keeps an idle TCP connection. 0 leaves the kernel's value."),
    since: 18,
    defaults: [{ value: '0s' }],
    modes: ['ipvs'],
  },
  {
    path: 'ipvs.tcpFinTimeout',
    type: 'duration',
    meaning: l10n.t(
      "How long IPVS keeps a TCP connection after a FIN. 0 leaves the kernel's value.",
    ),
    since: 18,
    defaults: [{ value: '0s' }],
    modes: ['ipvs'],
  },
  {
    path: 'ipvs.udpTimeout',
    type: 'duration',
    meaning: l10n.t("How long IPVS keeps an idle UDP connection. 0 leaves the kernel's value."),
    since: 18,
    defaults: [{ value: '0s' }],
    modes: ['ipvs'],
  },
  {
    path: 'ipvs.syncPeriod',
    type: 'duration',
    meaning: syncPeriod,
    defaults: [{ value: '30s' }],
    modes: ['ipvs'],
  },
  {
    path: 'ipvs.minSyncPeriod',
    type: 'duration',
    meaning: minSyncPeriod,
    defaults: [{ value: '0s' }],
    modes: ['ipvs'],
  },
  {
    path: 'nftables',
    type: 'map',
    meaning: l10n.t('What only nftables mode reads.'),
    since: 29,
    modes: ['nftables'],
  },
  {
    path: 'nftables.masqueradeAll',
    type: 'boolean',
    meaning: l10n.t('Whether all traffic to cluster IPs is masqueraded, also that of local Pods.'),
    since: 29,
    defaults: [{ value: 'false' }],
    modes: ['nftables'],
  },
  {
    path: 'nftables.masqueradeBit',
    type: 'integer',
    meaning: l10n.t('The bit of the packet mark that says "masquerade".'),
    since: 29,
    defaults: [{ value: '14' }],
    modes: ['nftables'],
    limits: [0, 31],
  },
  {
    path: 'nftables.syncPeriod',
    type: 'duration',
    meaning: syncPeriod,
    since: 29,
    defaults: [{ value: '30s' }],
    modes: ['nftables'],
  },
  {
    path: 'nftables.minSyncPeriod',
    type: 'duration',
    meaning: minSyncPeriod,
    since: 29,
    defaults: [{ value: '1s' }],
    modes: ['nftables'],
  },
];
