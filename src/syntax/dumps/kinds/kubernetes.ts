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
] as const satisfies readonly DumpKind[];
