import * as l10n from '@vscode/l10n';
import type { ConfigKey } from './key';

/**
 * What kube-proxy sets in the kernel's connection tracking when it starts, in all modes
 * (pkg/proxy/conntrack/sysctls.go, before 1.36 cmd/kube-proxy/app/conntrack.go).
 */
export const conntrackKeys: readonly ConfigKey[] = [
  {
    path: 'conntrack',
    type: 'map',
    meaning: l10n.t("Limits and timeouts of the kernel's connection tracking."),
  },
  {
    path: 'conntrack.maxPerCore',
    type: 'integer',
    meaning: l10n.t(
      'nf_conntrack_max for each CPU core, at least conntrack.min in all. 0 leaves the kernel as it is. In 1.36 the product is capped at 1048576.',
    ),
    defaults: [{ value: '32768' }],
    limits: [0, Infinity],
  },
  {
    path: 'conntrack.min',
    type: 'integer',
    // conntrack/sysctls.go: the cap is applied before the least is compared.
    meaning: l10n.t(
      'The least nf_conntrack_max, whatever the number of cores. In 1.36 a value above 1048576 no longer counts once cores times maxPerCore exceeds that cap.',
    ),
    defaults: [{ value: '131072' }],
    limits: [0, Infinity],
  },
  {
    path: 'conntrack.max',
    type: 'integer',
    meaning: l10n.t('nf_conntrack_max itself, instead of maxPerCore.'),
    until: 14,
    limits: [0, Infinity],
  },
  {
    path: 'conntrack.tcpEstablishedTimeout',
    type: 'duration',
    meaning: l10n.t(
      'How long an idle TCP connection is kept (nf_conntrack_tcp_timeout_established). 0 leaves the kernel as it is.',
    ),
    defaults: [{ value: '24h' }],
  },
  {
    path: 'conntrack.tcpCloseWaitTimeout',
    type: 'duration',
    meaning: l10n.t(
      'How long a connection in CLOSE_WAIT is kept (nf_conntrack_tcp_timeout_close_wait). 0 leaves the kernel as it is.',
    ),
    defaults: [{ value: '1h' }],
  },
  {
    path: 'conntrack.tcpBeLiberal',
    type: 'boolean',
    meaning: l10n.t(
      "Whether segments outside of the TCP window stay valid (nf_conntrack_tcp_be_liberal 1); iptables mode then writes no rule that drops INVALID packets. false doesn't set the sysctl back.",
    ),
    since: 29,
    defaults: [{ value: 'false' }],
  },
  {
    path: 'conntrack.udpTimeout',
    type: 'duration',
    meaning: l10n.t(
      'How long an unanswered UDP flow is kept (nf_conntrack_udp_timeout). 0 leaves the kernel as it is.',
    ),
    since: 29,
    defaults: [{ value: '0s' }],
  },
  {
    path: 'conntrack.udpStreamTimeout',
    type: 'duration',
    meaning: l10n.t(
      'How long an answered UDP flow is kept (nf_conntrack_udp_timeout_stream). 0 leaves the kernel as it is.',
    ),
    since: 29,
    defaults: [{ value: '0s' }],
  },
];
