import * as l10n from '@vscode/l10n';
import type { ConfigKey } from './key';

/** staging/src/k8s.io/kube-proxy/config/v1alpha1/types.go, KubeProxyWinkernelConfiguration. */
export const windowsKeys: readonly ConfigKey[] = [
  {
    path: 'winkernel',
    type: 'map',
    meaning: l10n.t('Windows only: no rules on a Linux node.'),
    since: 14,
  },
  {
    path: 'winkernel.networkName',
    type: 'string',
    meaning: l10n.t(
      'The HNS network of endpoints and policies. Windows only: no rules on a Linux node.',
    ),
    since: 14,
  },
  {
    path: 'winkernel.sourceVip',
    type: 'string',
    meaning: l10n.t(
      'The source address of load-balanced traffic. Windows only: no rules on a Linux node.',
    ),
    since: 14,
  },
  {
    path: 'winkernel.enableDSR',
    type: 'boolean',
    meaning: l10n.t(
      'Whether HNS policies use direct server return. Windows only: no rules on a Linux node.',
    ),
    since: 14,
  },
  {
    path: 'winkernel.rootHnsEndpointName',
    type: 'string',
    meaning: l10n.t(
      'The HNS endpoint of the root network namespace. Windows only: no rules on a Linux node.',
    ),
    since: 24,
  },
  {
    path: 'winkernel.forwardHealthCheckVip',
    type: 'boolean',
    meaning: l10n.t(
      'Forwards the health check port of Service addresses. Windows only: no rules on a Linux node.',
    ),
    since: 24,
  },
  {
    path: 'windowsRunAsService',
    type: 'boolean',
    meaning: l10n.t(
      'Runs under the service control manager. Windows only: no rules on a Linux node.',
    ),
    since: 31,
  },
];
