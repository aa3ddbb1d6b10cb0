import * as l10n from '@vscode/l10n';
import type { ConfigKey } from './key';

/** staging/src/k8s.io/kube-proxy/config/v1alpha1/types.go and defaults.go beside it, 1.9 to 1.36. */
export const generalKeys: readonly ConfigKey[] = [
  {
    path: 'mode',
    type: 'string',
    // The warning: PR 139957 (KEP-5343).
    meaning: l10n.t(
      'How kube-proxy programs Services into the kernel. Since 1.37 it warns where none is set, because the default is to become nftables, by plan in 1.40.',
    ),
    // cmd/kube-proxy/app/server_linux.go, platformApplyDefaults; validation.go, validateProxyModeLinux.
    defaults: [{ value: 'iptables' }],
    values: [
      { value: 'iptables', meaning: l10n.t('One chain of rules for each Service port.') },
      {
        value: 'ipvs',
        meaning:
          // KEP-5495, PR 139397.
          l10n.t(
            'A virtual server in the kernel for each address and port, with ipsets and a few rules. Deprecated since 1.35; by plan its feature gate KubeProxyIPVS (1.37) is off in 1.40, and the mode gone in 1.43.',
          ),
      },
      {
        value: 'nftables',
        meaning: l10n.t(
          'Maps in the tables ip kube-proxy and ip6 kube-proxy. Alpha in 1.29 and 1.30 (feature gate NFTablesProxyMode), beta since 1.31, stable since 1.33.',
        ),
        since: 29,
      },
      {
        value: 'userspace',
        meaning: l10n.t('kube-proxy itself carried the connections. Removed in 1.26.'),
        until: 25,
      },
      {
        value: 'kernelspace',
        meaning: l10n.t('Windows only: kube-proxy on Linux refuses it and ends.'),
      },
    ],
  },
  {
    path: 'clusterCIDR',
    type: 'string',
    meaning: l10n.t(
      "The Pods' addresses, one CIDR for each family, with a comma between them. With detectLocalMode ClusterCIDR, what comes from elsewhere to a cluster IP is masqueraded.",
    ),
    defaults: [{ value: l10n.t('empty') }],
  },
  {
    path: 'detectLocalMode',
    type: 'string',
    meaning: l10n.t(
      'How traffic of local Pods is told from other traffic, which is masqueraded on its way to a cluster IP.',
    ),
    since: 18,
    // cmd/kube-proxy/app/server_linux.go, platformApplyDefaults.
    defaults: [{ value: 'ClusterCIDR' }],
    values: [
      { value: 'ClusterCIDR', meaning: l10n.t('The source is in clusterCIDR.') },
      { value: 'NodeCIDR', meaning: l10n.t("The source is in the node's own spec.podCIDR.") },
      {
        value: 'BridgeInterface',
        meaning: l10n.t('It comes in by the device detectLocal.bridgeInterface.'),
        since: 24,
      },
      {
        value: 'InterfaceNamePrefix',
        meaning: l10n.t(
          'It comes in by a device whose name begins with detectLocal.interfaceNamePrefix.',
        ),
        since: 24,
      },
    ],
  },
  {
    path: 'detectLocal',
    type: 'map',
    meaning: l10n.t('What the interface modes of detectLocalMode need.'),
    since: 24,
  },
  {
    path: 'detectLocal.bridgeInterface',
    type: 'string',
    meaning: l10n.t('The bridge of the local Pods, for detectLocalMode BridgeInterface.'),
    since: 24,
    defaults: [{ value: l10n.t('empty') }],
  },
  {
    path: 'detectLocal.interfaceNamePrefix',
    type: 'string',
    meaning: l10n.t(
      "How the names of the local Pods' devices begin, for detectLocalMode InterfaceNamePrefix: veth matches veth+.",
    ),
    since: 24,
    defaults: [{ value: l10n.t('empty') }],
  },
  {
    path: 'nodePortAddresses',
    type: 'strings',
    meaning: l10n.t(
      "CIDRs of the node's own addresses that take NodePort traffic. For a family without a CIDR here all addresses do. The word primary since 1.31; beside CIDRs, and localhost and all, since 1.37.",
    ),
    since: 10,
    // server_linux.go of 1.31, platformApplyDefaults; pkg/proxy/util/nodeport_addresses.go.
    defaults: [
      { value: l10n.t('all addresses of the node') },
      { since: 31, value: l10n.t('all addresses of the node, in mode nftables primary') },
    ],
  },
  {
    path: 'bindAddress',
    type: 'string',
    meaning: l10n.t(
      "What kube-proxy takes for the node's primary address and, by it, for the primary IP family. Nothing listens on it.",
    ),
    defaults: [{ value: '0.0.0.0' }],
  },
  {
    path: 'bindAddressHardFail',
    type: 'boolean',
    meaning: l10n.t('Whether kube-proxy ends when a port that it serves on is taken.'),
    since: 19,
    defaults: [{ value: 'false' }],
  },
  {
    path: 'healthzBindAddress',
    type: 'string',
    meaning: l10n.t(
      "Address and port of the health check of kube-proxy itself (not of a Service's).",
    ),
    defaults: [
      { value: '0.0.0.0:10256' },
      { since: 15, value: l10n.t('0.0.0.0:10256, with an IPv6 bindAddress [::]:10256') },
    ],
  },
  {
    path: 'metricsBindAddress',
    type: 'string',
    meaning: l10n.t('Address and port of /metrics, /proxyMode and /configz.'),
    defaults: [
      { value: '127.0.0.1:10249' },
      { since: 15, value: l10n.t('127.0.0.1:10249, with an IPv6 bindAddress [::1]:10249') },
    ],
  },
  {
    path: 'hostnameOverride',
    type: 'string',
    meaning: l10n.t('The name of the Node that this kube-proxy runs on.'),
    defaults: [{ value: l10n.t("the host's name") }],
  },
  {
    path: 'showHiddenMetricsForVersion',
    type: 'string',
    meaning: l10n.t('Shows metrics that were hidden in this release: 1.35.'),
    since: 18,
    defaults: [{ value: l10n.t('empty') }],
  },
  {
    path: 'featureGates',
    type: 'map',
    meaning:
      // pkg/features/kube_features.go; KEP-5495, KEP-6032.
      l10n.t(
        'Features by name, true or false (1.9: one string, `A=true,B=false`). 1.37 has KubeProxyIPVS (on): allows ipvs; KubeProxyNFTablesLocalhostNodePorts (alpha, off): TCP node ports on loopback in nftables.',
      ),
    defaults: [{ value: l10n.t('empty') }],
  },
  {
    path: 'configSyncPeriod',
    type: 'duration',
    // client-go#843: a resync does not ask the API server.
    meaning: l10n.t(
      'How often kube-proxy goes once more through the objects that it already holds.',
    ),
    defaults: [{ value: '15m' }],
  },
  {
    path: 'oomScoreAdj',
    type: 'integer',
    meaning: l10n.t(
      "What kube-proxy writes to its own oom_score_adj: the kernel's out-of-memory killer takes low values last.",
    ),
    // pkg/kubelet/qos/policy.go, KubeProxyOOMScoreAdj.
    defaults: [{ value: '-999' }],
    limits: [-1000, 1000],
  },
  {
    path: 'enableProfiling',
    type: 'boolean',
    meaning: l10n.t('Serves /debug/pprof beside the metrics.'),
    defaults: [{ value: 'false' }],
  },
  {
    path: 'logging',
    type: 'map',
    meaning: l10n.t('Format and verbosity of the log.'),
    since: 28,
  },
  {
    path: 'clientConnection',
    type: 'map',
    meaning: l10n.t('How kube-proxy reaches the API server.'),
  },
  {
    path: 'clientConnection.kubeconfig',
    type: 'string',
    meaning: l10n.t('Path of the kubeconfig file.'),
    defaults: [{ value: l10n.t('empty, which means in-cluster') }],
  },
  {
    path: 'clientConnection.acceptContentTypes',
    type: 'string',
    meaning: l10n.t("The Accept header of its requests, where it shall not be the client's own."),
    defaults: [{ value: l10n.t('empty') }],
  },
  {
    path: 'clientConnection.contentType',
    type: 'string',
    meaning: l10n.t('In what form objects are asked for.'),
    defaults: [{ value: 'application/vnd.kubernetes.protobuf' }],
  },
  {
    path: 'clientConnection.qps',
    type: 'number',
    meaning: l10n.t('Requests per second.'),
    defaults: [{ value: '5' }],
  },
  {
    path: 'clientConnection.burst',
    type: 'integer',
    meaning: l10n.t('Requests at once beyond that.'),
    defaults: [{ value: '10' }],
    limits: [0, Infinity],
  },
  {
    path: 'portRange',
    type: 'string',
    meaning: l10n.t('Host ports of userspace mode; unused since 1.26.'),
    defaults: [{ value: l10n.t('empty') }],
  },
  {
    path: 'udpIdleTimeout',
    type: 'duration',
    meaning: l10n.t('How long userspace mode kept an idle UDP connection.'),
    since: 10,
    until: 25,
    defaults: [{ value: '250ms' }],
  },
  {
    path: 'udpTimeoutMilliseconds',
    type: 'duration',
    meaning: l10n.t('What udpIdleTimeout was called in 1.9.'),
    until: 9,
    defaults: [{ value: '250ms' }],
  },
  {
    path: 'resourceContainer',
    type: 'string',
    meaning: l10n.t('The cgroup that kube-proxy moved into.'),
    until: 15,
    defaults: [{ value: '/kube-proxy' }],
  },
  { path: 'apiVersion', type: 'string', meaning: 'kubeproxy.config.k8s.io/v1alpha1.' },
  { path: 'kind', type: 'string', meaning: 'KubeProxyConfiguration.' },
];
