import { l10n } from '../../l10n';
import type { NodeState } from '../../node';
import type { Environment } from '../environment';

/** The kernel's defaults of net.ipv4.vs.* (net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_control_net_init_sysctl). */
const kernelDefaults = {
  cache_bypass: 0,
  snat_reroute: 1,
  nat_icmp_send: 0,
  schedule_icmp: 0,
  sloppy_tcp: 0,
} as const;

/** A switch that kube-proxy leaves alone: as the dump of the sysctls has it, else the kernel's default. */
export function ipvsSysctl(node: NodeState, name: keyof typeof kernelDefaults): number {
  return Number(node.sysctls?.get(`net.ipv4.vs.${name}`) ?? kernelDefaults[name]);
}

/** The first port that a process without privileges may listen on (inet_port_requires_bind_service). */
export function unprivilegedPort({ sysctls }: NodeState): number {
  return Number(sysctls?.get('net.ipv4.ip_unprivileged_port_start') ?? 1024);
}

/** Which kube-proxy sets to 0 on kernels before 5.9 only (1.13 and later). */
export function reuseMode({ node, assume }: Pick<Environment, 'node' | 'assume'>): number {
  const name = 'net.ipv4.vs.conn_reuse_mode';
  const value = node.sysctls?.get(name);
  if (value === undefined) assume(l10n.t`${name} is 1, the kernel's default`);
  return Number(value ?? 1);
}

/** What kube-proxy sets at its start (pkg/proxy/ipvs/proxier.go, NewProxier). */
const proxySettings = {
  conntrack: 1,
  expire_nodest_conn: 1,
  expire_quiescent_template: 1,
} as const;

/** A switch that kube-proxy sets; where no dump tells it, as kube-proxy sets it, and said so. */
export function proxySysctl(
  { node, assume }: Pick<Environment, 'node' | 'assume'>,
  name: keyof typeof proxySettings,
): boolean {
  const value = node.sysctls?.get(`net.ipv4.vs.${name}`);
  if (value !== undefined) return Number(value) !== 0;
  assume(l10n.t`net.ipv4.vs.${name} is ${proxySettings[name]}, as kube-proxy sets it`);
  return true;
}
