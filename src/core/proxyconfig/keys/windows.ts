import type { ConfigKey } from './key';

const noRules = 'Windows only: no rules on a Linux node.';

/** staging/src/k8s.io/kube-proxy/config/v1alpha1/types.go, KubeProxyWinkernelConfiguration. */
export const windowsKeys: readonly ConfigKey[] = [
  { path: 'winkernel', type: 'map', meaning: noRules, since: 14 },
  {
    path: 'winkernel.networkName',
    type: 'string',
    meaning: `The HNS network of endpoints and policies. ${noRules}`,
    since: 14,
  },
  {
    path: 'winkernel.sourceVip',
    type: 'string',
    meaning: `The source address of load-balanced traffic. ${noRules}`,
    since: 14,
  },
  {
    path: 'winkernel.enableDSR',
    type: 'boolean',
    meaning: `Whether HNS policies use direct server return. ${noRules}`,
    since: 14,
  },
  {
    path: 'winkernel.rootHnsEndpointName',
    type: 'string',
    meaning: `The HNS endpoint of the root network namespace. ${noRules}`,
    since: 24,
  },
  {
    path: 'winkernel.forwardHealthCheckVip',
    type: 'boolean',
    meaning: `Forwards the health check port of Service addresses. ${noRules}`,
    since: 24,
  },
  {
    path: 'windowsRunAsService',
    type: 'boolean',
    meaning: `Runs under the service control manager. ${noRules}`,
    since: 31,
  },
];
