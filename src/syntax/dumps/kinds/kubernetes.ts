import type { DumpKind } from '../dumpKind';

/** What kube-proxy says of itself, and the cluster's objects. */
export const kubernetesKinds = [
  {
    id: 'kube-proxy-config',
    lines: [/^apiVersion: "?kubeproxy\.config\.k8s\.io/],
    json: /^\{[^]*"kubeproxy\.config\.k8s\.io(\/v1alpha1)?"/,
    part: 'mode',
  },
  { id: 'objects', lines: [/^(apiVersion|items): ?/], json: /^\{[^]*"(apiVersion|items)"\s*:/ },
  {
    id: 'kube-proxy-mode',
    lines: [/^(iptables|ipvs|nftables|userspace|kernelspace)$/],
    names: ['proxymode', 'proxy-mode'],
    part: 'mode',
  },
  {
    id: 'kube-proxy-log',
    // klog, also as a container runtime keeps it; with -v=2 its flags stand first
    lines: [
      /^(?:\S+ std(?:out|err) F )?[IWEF]\d{4} \S+ +\d+ server_(?:linux|others)\.go:\d+\]/,
      /^(?:\S+ std(?:out|err) F )?I\d{4} \S+ +\d+ flags\.go:\d+\] FLAG: --(?:bind-address-hard-fail|conntrack-max-per-core|proxy-mode)=/,
    ],
    part: 'mode',
  },
] as const satisfies readonly DumpKind[];
